// A signature of the input whose nodes have other names by now.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "model/model.h"

namespace thaw::internal {

// What a node is called now; nothing when it is gone.
using NameNow = std::function<std::optional<std::string>(Bytes node)>;

// The same message with the tensors' present names; nothing when one of them is gone. Throws malformed.
std::optional<NamedMessage> renamed_signature(const NamedMessage& signature, const NameNow& name_now);

}  // namespace thaw::internal
