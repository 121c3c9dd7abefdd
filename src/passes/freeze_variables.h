// Variables become constants, and all that took them takes values: the way back from variables.cc, as
// TensorFlow's freezer goes it (python/framework/convert_to_constants.py).
#pragma once

#include <vector>

#include "passes/changed_arguments.h"
#include "passes/frozen_functions.h"

namespace thaw::internal {

struct VariableToFreeze {
  NodeId node = kNoNode;  // VarHandleOp, VariableV2 or Variable
  Value value;
};

// After pruning: a node that changes one of the variables is an error (unsupported), as is one that does
// what is not understood with it. Functions are made in `functions`; the draft's library stays as it is.
void freeze_variables(Draft& draft, const std::vector<VariableToFreeze>& variables,
                      FrozenFunctions& functions);

// A node that changes the variable, by a function that it calls where `calls` is not null; kNoNode when there
// is none.
NodeId find_change(const Draft& draft, NodeId variable, const ChangedArguments* calls = nullptr);

}  // namespace thaw::internal
