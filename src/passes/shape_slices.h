// What a StridedSlice takes: begin, end and stride for each dimension, with masks that fill in, add and drop
// dimensions.
#pragma once

#include <optional>
#include <vector>

#include "passes/shape_query.h"

namespace thaw::internal {

struct SlicePart {
  enum class Kind : std::uint8_t { taken, dropped, added } kind = Kind::taken;
  Number begin;  // of dimensions taken or dropped; from 0
  std::int64_t stride = 1;
  Dim size = kAny;  // of what comes out
};

// In the order of the input's dimensions, added ones between them. Nothing when the input's rank or the
// strides are unknown.
std::optional<std::vector<SlicePart>> plan_slice(const ShapeQuery& query);

}  // namespace thaw::internal
