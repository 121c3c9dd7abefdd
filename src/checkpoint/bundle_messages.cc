#include "checkpoint/bundle_messages.h"

#include <algorithm>

#include "checkpoint/ordered_code.h"
#include "io/crc32c.h"
#include "tensor/shape.h"
#include "thaw/error.h"
#include "wire/message_writer.h"
#include "wire/walk.h"

namespace thaw::internal {

namespace {

constexpr std::int64_t kVersion = 1;  // kTensorBundleVersion (core/util/tensor_bundle/tensor_bundle.cc)
constexpr std::int64_t kMostShards = 100000;  // data files; the names have five digits
constexpr std::size_t kMostDimensions = 254;  // core/framework/tensor_shape.h

std::int64_t signed_of(const Field& field) { return static_cast<std::int64_t>(field.scalar); }

// One item of a repeated int32, packed or not.
bool holds_version(Window& window, const Field& field, std::int64_t version) {
  if (field.type == WireType::varint) return signed_of(field) == version;
  if (field.type != WireType::length_delimited) return false;
  window.seek(field.payload.at);
  bool found = false;
  while (window.at() < field.payload.at + field.payload.size) {
    const auto item = static_cast<std::int64_t>(read_varint(window, field.payload.at + field.payload.size));
    found = found || item == version;
  }
  return found;
}

void check_version(Window& window, Range message) {
  std::int64_t producer = 0;
  std::int64_t min_consumer = 0;
  bool bad = false;
  Walk walk(window, message);
  for (Field field; walk.next(field);) {
    // Both are int32: of a longer number its low bits are taken.
    if (field.is(1, WireType::varint)) producer = static_cast<std::int32_t>(field.scalar);
    if (field.is(2, WireType::varint)) min_consumer = static_cast<std::int32_t>(field.scalar);
    if (field.number == 3) bad = holds_version(window, field, kVersion) || bad;
  }
  if (producer < 0 || min_consumer > kVersion || bad) {
    throw Error(ErrorKind::unsupported,
                "a checkpoint of version " + std::to_string(producer) + " for readers from version " +
                    std::to_string(min_consumer) + " on" + (bad ? ", but not 1" : ""),
                "one that readers of version 1 may read");
  }
}

std::string encode_slice(const Slice& slice) {
  std::string out;
  for (const SliceExtent& extent : slice) {
    std::string inner;
    MessageWriter writer(inner);
    if (extent.start != 0) writer.integer(1, extent.start);
    if (extent.length != kWholeDimension) writer.integer(2, extent.length);
    MessageWriter(out).bytes(1, inner);
  }
  return out;
}

SliceExtent decode_extent(Window& window, Range message) {
  SliceExtent extent{0, kWholeDimension};
  bool has_length = false;
  Walk walk(window, message);
  for (Field field; walk.next(field);) {
    if (field.is(1, WireType::varint)) extent.start = signed_of(field);
    if (field.is(2, WireType::varint)) {
      extent.length = signed_of(field);
      has_length = true;
    }
  }
  if (extent.start < 0 || (has_length ? extent.length < 1 : extent.start != 0)) {
    throw Error(ErrorKind::malformed,
                "a slice from " + std::to_string(extent.start) + " of length " +
                    (has_length ? std::to_string(extent.length) : "unknown"),
                "a start of 0 or more and a length of 1 or more, or neither of them");
  }
  return extent;
}

Slice decode_slice(Window& window, Range message) {
  Slice slice;
  Walk walk(window, message);
  for (Field field; walk.next(field);) {
    if (field.is_bytes(1)) slice.push_back(decode_extent(window, field.payload));
  }
  return slice;
}

std::uint64_t whole_number(const Field& field, const char* name, std::int64_t most = INT64_MAX) {
  const std::int64_t value = signed_of(field);
  if (value < 0 || value > most) {
    throw Error(ErrorKind::malformed, std::string(name) + " " + std::to_string(value),
                "0 to " + std::to_string(most));
  }
  return static_cast<std::uint64_t>(value);
}

DType dtype_of(const Field& field) {
  const std::int64_t number = signed_of(field);
  const std::optional<DType> dtype = dtype_of_number(number);
  if (!dtype) {
    throw Error(ErrorKind::unsupported, "a tensor of dtype number " + std::to_string(number),
                "a number of types.proto, not of a reference");
  }
  return *dtype;
}

void check_shape(const Shape& shape) {
  const bool sound = !shape.unknown_rank() && shape.rank() <= kMostDimensions &&
                     std::ranges::all_of(shape.dims(), [](std::int64_t dim) { return dim >= 0; }) &&
                     shape.element_count().has_value();
  if (!sound) {
    throw Error(ErrorKind::malformed, "a tensor of shape " + shape.to_string().substr(0, 200),
                "at most 254 dimensions, all known, and fewer than 2^63 elements");
  }
}

}  // namespace

std::string encode_bundle_header(std::uint32_t shards) {
  std::string version;
  MessageWriter(version).integer(1, kVersion);
  std::string out;
  MessageWriter(out).varint(1, shards).bytes(3, version);
  return out;
}

void check_checkpoint_version(Bytes message) {
  Window window(message);
  check_version(window, {0, message.size()});
}

std::uint32_t decode_bundle_header(Bytes message) {
  Window window(message);
  Walk walk(window);
  std::int64_t shards = 0;
  std::int64_t endianness = 0;
  for (Field field; walk.next(field);) {
    if (field.is(1, WireType::varint)) shards = signed_of(field);
    if (field.is(2, WireType::varint)) endianness = signed_of(field);
    if (field.is_bytes(3)) check_version(window, field.payload);
  }
  if (endianness == 1) {
    throw Error(ErrorKind::unsupported, "a checkpoint whose numbers are big-endian", "little-endian ones",
                "restore and save it with TensorFlow on this machine");
  }
  if (endianness != 0) {
    throw Error(ErrorKind::malformed, "byte order " + std::to_string(endianness), "0 (little-endian) or 1");
  }
  if (shards < 1 || shards > kMostShards) {
    throw Error(ErrorKind::malformed, "a checkpoint of " + std::to_string(shards) + " data files",
                "1 to " + std::to_string(kMostShards));
  }
  return static_cast<std::uint32_t>(shards);
}

std::string encode_bundle_entry(const BundleEntry& entry) {
  std::string out;
  MessageWriter writer(out);
  writer.integer(1, static_cast<std::int64_t>(entry.dtype)).bytes(2, encode_shape(entry.shape));
  if (!entry.slices.empty()) {
    for (const Slice& slice : entry.slices) writer.bytes(7, encode_slice(slice));
    return out;
  }
  if (entry.shard != 0) writer.varint(3, entry.shard);
  if (entry.range.at != 0) writer.varint(4, entry.range.at);
  if (entry.range.size != 0) writer.varint(5, entry.range.size);
  if (const std::uint32_t masked = mask_crc(entry.crc); masked != 0) writer.fixed32(6, masked);
  return out;
}

BundleEntry decode_bundle_entry(Bytes message) {
  BundleEntry entry;
  std::uint32_t masked = 0;
  std::string shape;  // of all parts: one behind the other they are the message that they are merged to
  Window window(message);
  Walk walk(window);
  for (Field field; walk.next(field);) {
    if (field.is(1, WireType::varint)) entry.dtype = dtype_of(field);
    if (field.is_bytes(2)) shape += message.substr(field.payload.at, field.payload.size);
    if (field.is(3, WireType::varint))
      entry.shard = static_cast<std::uint32_t>(whole_number(field, "shard", INT32_MAX));
    if (field.is(4, WireType::varint)) entry.range.at = whole_number(field, "offset");
    if (field.is(5, WireType::varint)) entry.range.size = whole_number(field, "size");
    if (field.is(6, WireType::fixed32)) masked = static_cast<std::uint32_t>(field.scalar);
    if (field.is_bytes(7)) entry.slices.push_back(decode_slice(window, field.payload));
  }
  if (entry.dtype == DType::invalid)
    throw Error(ErrorKind::malformed, "a tensor without a dtype", "its DataType");
  entry.shape = decode_shape(shape);
  check_shape(entry.shape);
  entry.crc = unmask_crc(masked);
  return entry;
}

}  // namespace thaw::internal
