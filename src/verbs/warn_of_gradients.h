// Where TensorFlow refuses gradients, one line for each reason.
#pragma once

#include <string>
#include <vector>

#include "verbs/rewrite.h"

namespace thaw::internal {

std::vector<std::string> warn_of_gradients(const Rewritten& rewritten);

}  // namespace thaw::internal
