// What the numbers of a tensor amount to, read from front to back.
#pragma once

#include <functional>

#include "thaw/inspected.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// Whether elements of this type are numbers that can be ordered: not strings, handles and complex ones.
bool has_statistics(DType dtype);

// `read` is told of every chunk, in bytes. Throws what reading throws.
TensorStatistics take_statistics(const Value& value, const std::function<void(std::uint64_t)>& read);

}  // namespace thaw::internal
