// Elements of tensors as numbers.
#pragma once

#include <complex>
#include <cstddef>

#include "thaw/tensor.h"

namespace thaw::internal {

// Whether elements of the type are numbers that can be told here; not strings, resources and rare eight bit
// floats.
bool has_numbers(DType dtype);

// Wide enough for every integer and float that TensorFlow has; real numbers have no imaginary part.
// `element` points to element_size(dtype) canonical bytes. Only for types that have numbers.
std::complex<long double> number_of(DType dtype, const std::byte* element);

}  // namespace thaw::internal
