// Walk: the fields of one protobuf message, wherever it lies, without holding its payloads.
//
// Bytes (protobuf encoding): a field is a varint tag = number << 3 | type, then by type: 0 a varint, 1 eight
// bytes, 2 a varint length and that many bytes, 5 four bytes. Types 3 and 4 (groups) do not occur in
// TensorFlow's messages. Varints hold seven bits a byte, low bits first, at most ten bytes. Lengths are at
// most 2^31 - 1 for messages that protobuf can hold; longer ones are taken here as far as the source reaches.
#pragma once

#include <cstdint>

#include "io/window.h"

namespace thaw::internal {

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, length_delimited = 2, fixed32 = 5 };

struct Field {
  std::uint32_t number = 0;
  WireType type = WireType::varint;
  std::uint64_t scalar = 0;  // the value of a varint or fixed field
  Range payload;             // of a length-delimited field: absolute in the source
  std::uint64_t begin = 0;   // where its tag is

  bool is(std::uint32_t n, WireType t) const { return number == n && type == t; }
  bool is_bytes(std::uint32_t n) const { return is(n, WireType::length_delimited); }
  std::uint64_t end(const Window& window) const {
    return type == WireType::length_delimited ? payload.at + payload.size : window.at();
  }
};

// Several walks may share a window, one for each nesting level; each goes on behind its last field. Throws
// malformed, naming the byte.
class Walk {
 public:
  // The rest of the window.
  explicit Walk(Window& window) : window_(&window), next_(window.at()), end_(window.end()) {}
  // The payload of a field that the outer walk has just returned.
  Walk(Window& window, Range message)
      : window_(&window), next_(message.at), end_(message.at + message.size) {}

  bool next(Field& field);

 private:
  Window* window_;
  std::uint64_t next_;
  std::uint64_t end_;
};

// One varint, which must end before `end`.
std::uint64_t read_varint(Window& window, std::uint64_t end);

// The payload in memory. Throws malformed above `limit` bytes: no name or attribute is that long.
std::string read_payload(Window& window, Range payload, std::uint64_t limit);

}  // namespace thaw::internal
