// One number, repeated over a tensor of any type.
#pragma once

#include <cstdint>
#include <optional>

#include "thaw/tensor.h"

namespace thaw::internal {

// Nothing for types that cannot hold it. Zero is an empty string for string tensors.
std::optional<Value> number_value(DType dtype, const Shape& shape, double number);
// A whole number, which is never rounded: nothing where the type has no such number. Not for strings.
std::optional<Value> integer_value(DType dtype, const Shape& shape, std::int64_t number);

}  // namespace thaw::internal
