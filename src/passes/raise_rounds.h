// How often a loop comes round at most, where that can be seen before it runs. XLA differentiates no other
// loops (python/ops/while_v2.py, _WhileGrad).
#pragma once

#include "passes/raise_constructs.h"
#include "passes/raise_shapes.h"

namespace thaw::internal {

// -1, which stands for any number (python/ops/while_v2.py), unless the condition asks of a variable that
// begins with a known number and is one more after each round whether it is less than a known number.
std::int32_t most_rounds(RaiseTensors& tensors, const Construct& loop, const RaiseShapes& shapes);

}  // namespace thaw::internal
