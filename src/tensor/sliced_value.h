// A part of a tensor: the elements of a box in it, read from the whole in the order in which they lie there.
#pragma once

#include <cstdint>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

// Element `start` and the `shape - 1` behind it along every axis. The box lies inside of `whole`, whose shape
// is known. Not for strings.
Value sliced_value(Value whole, const std::vector<std::int64_t>& start, Shape shape);

}  // namespace thaw::internal
