// Checkpoints of the first format, made entry by entry.
#pragma once

#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "checkpoint/ordered_code.h"
#include "checkpoint/v1_reader.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal::v1_fixture {

struct V1Part {
  Slice slice;  // kWholeDimension for all of a dimension
  std::vector<float> numbers;
};

struct Tensor {
  std::string name;
  Shape shape;
  std::vector<V1Part> parts;
};

inline std::string slice_message(const Slice& slice) {
  std::string message;
  for (const SliceExtent& extent : slice) {
    std::string fields;
    if (extent.start != 0) MessageWriter(fields).integer(1, extent.start);
    if (extent.length != kWholeDimension) MessageWriter(fields).integer(2, extent.length);
    MessageWriter(message).bytes(1, fields);
  }
  return message;
}

inline std::string saved_slice(const Tensor& tensor, const V1Part& part) {
  std::string numbers(part.numbers.size() * sizeof(float), '\0'), proto, saved, out;
  std::memcpy(numbers.data(), part.numbers.data(), numbers.size());
  MessageWriter(proto).bytes(5, numbers);
  MessageWriter(saved).bytes(1, tensor.name).bytes(2, slice_message(part.slice)).bytes(3, proto);
  MessageWriter(out).bytes(2, saved);
  return out;
}

inline std::string file_of(const std::vector<Tensor>& tensors) {
  std::map<std::string, std::string> entries;
  std::string meta, header;
  for (const Tensor& tensor : tensors) {
    std::string message;
    MessageWriter(message).bytes(1, tensor.name).bytes(2, encode_shape(tensor.shape)).varint(3, 1);
    for (const V1Part& part : tensor.parts) {
      MessageWriter(message).bytes(4, slice_message(part.slice));
      entries[slice_key(tensor.name, part.slice)] = saved_slice(tensor, part);
    }
    MessageWriter(meta).bytes(1, message);
  }
  MessageWriter(header).bytes(1, meta);
  entries[""] = header;
  std::string bytes;
  TableWriter writer([&](Bytes piece) { bytes += piece; }, {64, 16});
  for (const auto& [key, value] : entries) writer.add(key, value);
  writer.finish();
  return bytes;
}

inline constexpr SliceExtent kAll{0, kWholeDimension};
inline const std::vector<Tensor> kTensors = {
    {"b", Shape({2}), {{{kAll}, {0.5f, -1.0f}}}},
    {"scalar", Shape(), {{{}, {7}}}},
    {"cut", Shape({2, 2}), {{{kAll, {0, 1}}, {1, 3}}, {{kAll, {1, 1}}, {2, 4}}}},
};

}  // namespace thaw::internal::v1_fixture
