// A tensor in a wider type, as TensorFlow's Cast gives it: every element has the number that it had.
#pragma once

#include "thaw/tensor.h"

namespace thaw::internal {

// From half and bfloat16 to float and double, and from float to double.
bool can_widen(DType from, DType to);
Value widened_value(Value value, DType dtype);

}  // namespace thaw::internal
