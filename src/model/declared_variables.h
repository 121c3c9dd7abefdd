// The variables that a MetaGraphDef declares in its collections.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"

namespace thaw::internal {

// Node names, in the order of the collections `variables` and `trainable_variables`; local variables have no
// values to be kept. Throws malformed.
std::vector<std::string> declared_variables(const Envelope& envelope);

}  // namespace thaw::internal
