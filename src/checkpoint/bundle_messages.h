// The values of a checkpoint's index (core/protobuf/tensor_bundle.proto); fields at their default are left
// out.
//
//   BundleHeaderProto   int32 num_shards = 1, enum endianness = 2 (0 little), VersionDef version = 3
//   VersionDef          int32 producer = 1, int32 min_consumer = 2, repeated int32 bad_consumers = 3
//   BundleEntryProto    DataType dtype = 1, TensorShapeProto shape = 2 (never left out), int32 shard_id = 3,
//                       int64 offset = 4, int64 size = 5, fixed32 crc32c = 6 (masked), repeated
//                       TensorSliceProto slices = 7
//   TensorSliceProto    repeated Extent extent = 1 { int64 start = 1, oneof { int64 length = 2 } }; a
//   dimension taken
//                       whole is an empty Extent
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "thaw/checkpoint.h"

namespace thaw::internal {

// One extent for each dimension; length kWholeDimension where the file does not say it.
using Slice = std::vector<SliceExtent>;

// An entry as the index has it. The full entry of a partitioned tensor has slices and no bytes of its own.
struct BundleEntry {
  DType dtype = DType::invalid;
  Shape shape;
  std::uint32_t shard = 0;
  Range range;
  std::uint32_t crc = 0;  // not masked
  std::vector<Slice> slices;
};

// The header of a little-endian checkpoint.
std::string encode_bundle_header(std::uint32_t shards);
// A VersionDef of either format. Throws unsupported where TensorFlow refuses it as well.
void check_checkpoint_version(Bytes message);
// The number of shards. Throws malformed, or unsupported for big-endian bytes and versions TensorFlow refuses
// as well.
std::uint32_t decode_bundle_header(Bytes message);

std::string encode_bundle_entry(const BundleEntry& entry);
// Throws malformed where a number makes no sense in itself, unsupported for a dtype that is not known.
BundleEntry decode_bundle_entry(Bytes message);

}  // namespace thaw::internal
