// What a checkpoint holds: names, values and, for partitioned variables, slices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "thaw/tensor.h"

namespace thaw {

// One dimension of a slice: `length` elements from `start`.
struct SliceExtent {
  std::int64_t start = 0;
  std::int64_t length = 0;
  bool operator==(const SliceExtent&) const = default;
};

// A part of a partitioned variable: where it lies in the whole. One extent for each dimension, always
// explicit.
struct SlicePlace {
  Shape full_shape;
  std::vector<SliceExtent> extents;
  // As SaveV2 takes it: "4 2 0,2:0,2" (python/ops/variables.py, SaveSliceInfo.spec).
  std::string spec() const;
};

// A key of the checkpoint and the blob behind it. Several entries may share a blob; the parts of a
// partitioned variable share a key.
struct CheckpointEntry {
  std::string key;
  std::size_t blob = 0;
  std::optional<SlicePlace> slice;
};

struct CheckpointContents {
  std::vector<Value> blobs;
  std::vector<CheckpointEntry> entries;
};

}  // namespace thaw
