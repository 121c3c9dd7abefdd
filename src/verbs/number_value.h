// One number, repeated over a tensor of any type.
#pragma once

#include <optional>

#include "thaw/tensor.h"

namespace thaw::internal {

// Nothing for types that cannot hold it. Zero is an empty string for string tensors.
std::optional<Value> number_value(DType dtype, const Shape& shape, double number);

}  // namespace thaw::internal
