// One node that took a variable, as it takes the variable's value: what TensorFlow's own freezer makes of it
// (python/framework/convert_to_constants.py), and of what that leaves broken, something that runs.
#pragma once

#include <functional>
#include <optional>

#include "passes/frozen_functions.h"
#include "passes/variable_users.h"

namespace thaw::internal {

struct FrozenPlace {
  FrozenFunctions& functions;
  std::function<std::string(const std::string& wanted)> unique_name;
  // Constants made for it have to wait for one of its inputs, to be in the same frame of a loop.
  bool in_loop = false;
  bool in_function = false;
};

struct FrozenNode {
  NodeDef node;
  std::optional<NodeDef> axis;  // a constant that it takes
  const char* rule = "";        // docs/rules.md
  std::string what;
};

// Of a taker of variables at `values`, by number of the data input; of none that takes them as plain inputs.
// Throws unsupported for one that changes the variable, or does what is not understood with it.
FrozenNode freeze_node(const NodeDef& node, const FrozenSlots& values, const FrozenPlace& place);

}  // namespace thaw::internal
