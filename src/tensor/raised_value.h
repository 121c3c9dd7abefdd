// A tensor with one number added to all its elements, rounded as TensorFlow rounds its own additions.
#pragma once

#include "thaw/tensor.h"

namespace thaw::internal {

// For float32 and float64.
Value raised_value(Value value, double by);

}  // namespace thaw::internal
