// A tensor with its axes in another order, as numpy.transpose gives it.
#pragma once

#include <cstddef>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

// Axis i of the result is axis `axes[i]` of `value`. Read in blocks of 4 MiB, each of which takes one walk
// over the value: memory does not grow with it, time does. Not for strings.
Value transposed_value(Value value, const std::vector<std::size_t>& axes);

}  // namespace thaw::internal
