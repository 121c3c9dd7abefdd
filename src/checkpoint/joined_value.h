// The whole of a partitioned tensor, joined while it is read: nothing is held in memory.
#pragma once

#include <vector>

#include "checkpoint/bundle_messages.h"

namespace thaw::internal {

struct TensorPart {
  Slice slice;  // explicit
  Value value;  // of the slice's shape and the whole's dtype
};

// The parts must cover `full` exactly once (see tiling_fault). Not for strings.
Value join_parts(DType dtype, Shape full, std::vector<TensorPart> parts);

}  // namespace thaw::internal
