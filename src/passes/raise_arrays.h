// W4: TensorArrays as TensorLists. A TensorArray is a resource that loops of TensorFlow 2 have no gradient
// through (python/ops/while_v2.py); a TensorList is a value, which takes the way that the array's flow took.
#pragma once

#include "passes/raise_problems.h"

namespace thaw::internal {

bool has_arrays(const Draft& draft);

// How many became lists. Those that others than array operations read, or that lie where something else is in
// the way of raising, stay. When there were any the contexts are stale.
std::size_t raise_arrays(Draft& draft, const Contexts& contexts, const RaiseProblems& problems);

}  // namespace thaw::internal
