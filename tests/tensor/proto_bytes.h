// TensorProtos put together field by field, in whatever order and form.
#pragma once

#include <bit>
#include <string>
#include <vector>

#include "tensor/tensor_proto.h"
#include "wire/message_writer.h"

namespace thaw::internal {

class ProtoBytes {
 public:
  ProtoBytes(DType dtype, const std::vector<std::int64_t>& dims) {
    type(static_cast<std::uint64_t>(dtype)).shape(dims);
  }
  ProtoBytes() = default;

  ProtoBytes& type(std::uint64_t number) { return varint(1, number); }
  ProtoBytes& shape(const std::vector<std::int64_t>& dims) {
    std::string message;
    for (const std::int64_t dim : dims) {
      std::string size;
      MessageWriter(size).integer(1, dim);
      MessageWriter(message).bytes(2, size);
    }
    return bytes(2, message);
  }
  ProtoBytes& content(Bytes elements) { return bytes(4, elements); }

  // One item, as a field of its own.
  ProtoBytes& varint(std::uint32_t field, std::uint64_t value) {
    return MessageWriter(out_).varint(field, value), *this;
  }
  ProtoBytes& fixed32(std::uint32_t field, float value) {
    return MessageWriter(out_).real(field, value), *this;
  }
  ProtoBytes& fixed64(std::uint32_t field, double value) {
    append_varint(out_, field << 3 | 1);
    return append(std::bit_cast<std::uint64_t>(value), 8, out_), *this;
  }
  ProtoBytes& bytes(std::uint32_t field, Bytes value) {
    return MessageWriter(out_).bytes(field, value), *this;
  }

  ProtoBytes& packed(std::uint32_t field, const std::vector<std::uint64_t>& values) {
    std::string chunk;
    for (const std::uint64_t value : values) append_varint(chunk, value);
    return bytes(field, chunk);
  }
  ProtoBytes& packed32(std::uint32_t field, const std::vector<float>& values) {
    std::string chunk;
    for (const float value : values) append(std::bit_cast<std::uint32_t>(value), 4, chunk);
    return bytes(field, chunk);
  }
  ProtoBytes& packed64(std::uint32_t field, const std::vector<double>& values) {
    std::string chunk;
    for (const double value : values) append(std::bit_cast<std::uint64_t>(value), 8, chunk);
    return bytes(field, chunk);
  }

  const std::string& get() const { return out_; }
  operator const std::string&() const { return out_; }

 private:
  static void append(std::uint64_t bits, int size, std::string& out) {
    for (int i = 0; i < size; ++i) out += static_cast<char>(bits >> (8 * i));
  }

  std::string out_;
};

// Canonical bytes of numbers of one type.
template <typename T>
std::string raw_bytes(const std::vector<T>& numbers) {
  std::string bytes;
  for (const T number : numbers) bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  return bytes;
}

inline std::vector<std::string> strings_in(const Value& value) {
  std::vector<std::string> all;
  value.for_each_string([&](Bytes text) { all.emplace_back(text); });
  return all;
}

// The message in the middle of a larger source, as in a graph.
inline TensorProto read_by_range(const std::string& message) {
  return read_tensor(memory_source("before" + message + "behind"), {6, message.size()});
}

}  // namespace thaw::internal
