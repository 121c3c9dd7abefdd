// One function some of whose arguments were variables and are their values now.
#pragma once

#include "passes/frozen_functions.h"

namespace thaw::internal {

struct FrozenFunction {
  FunctionDef function;  // not renamed yet
  FrozenSlots results;   // those that are values as well
  std::vector<Change> changes;
};

// Functions that it calls are asked for in `functions`. Throws unsupported.
FrozenFunction freeze_function(const FunctionDef& function, const FrozenSlots& arguments,
                               FrozenFunctions& functions);

}  // namespace thaw::internal
