// A tensor of which every element is computed from the same element of another one, as it is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "thaw/tensor.h"

namespace thaw::internal {

// `from` and `to` hold the same number of whole elements, of which the first is number `first` of the tensor.
using ElementMap =
    std::function<void(std::uint64_t first, std::span<const std::byte> from, std::span<std::byte> to)>;

// Not from or to strings.
Value mapped_value(Value value, DType dtype, ElementMap map);

}  // namespace thaw::internal
