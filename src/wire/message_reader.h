// MessageReader: the fields of a protobuf message that is wholly in memory, as views of it. Encoding and
// checks are those of Walk (walk.h), which is for messages that are not: every node is looked at many times,
// so this one is inline.
#pragma once

#include "wire/walk.h"

namespace thaw::internal {

// One field of a message in memory.
struct FieldView {
  std::uint32_t number = 0;
  WireType type = WireType::varint;
  std::uint64_t scalar = 0;  // the value of a varint or fixed field
  Bytes payload;             // of a length-delimited field
  Bytes whole;               // tag included

  bool is(std::uint32_t n, WireType t) const { return number == n && type == t; }
  bool is_bytes(std::uint32_t n) const { return is(n, WireType::length_delimited); }
};

// Throws malformed, naming the byte of the message.
class MessageReader {
 public:
  explicit MessageReader(Bytes message)
      : begin_(message.data()), at_(begin_), end_(begin_ + message.size()) {}

  bool next(FieldView& part) {
    if (at_ == end_) return false;
    const char* const start = at_;
    const std::uint64_t tag = varint();
    if (tag < 8 || tag > 0xFFFFFFFF) fail_number(start, tag >> 3);
    part.number = static_cast<std::uint32_t>(tag >> 3);
    part.type = static_cast<WireType>(tag & 7);
    if (part.type == WireType::length_delimited) {
      const std::uint64_t size = varint();
      if (size > static_cast<std::uint64_t>(end_ - at_)) fail_size(start, size);
      part.payload = {at_, static_cast<std::size_t>(size)};
      at_ += size;
    } else if (part.type == WireType::varint) {
      part.scalar = varint();
    } else {
      part.scalar = fixed(start, part.type);
    }
    part.whole = {start, static_cast<std::size_t>(at_ - start)};
    return true;
  }

 private:
  std::uint64_t varint() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) return static_cast<unsigned char>(*at_++);
    return long_varint();
  }
  std::uint64_t long_varint();
  std::uint64_t fixed(const char* start, WireType type);
  [[noreturn]] void fail_number(const char* start, std::uint64_t number) const;
  [[noreturn]] void fail_size(const char* start, std::uint64_t size) const;
  std::uint64_t position(const char* at) const { return static_cast<std::uint64_t>(at - begin_); }

  const char* begin_;
  const char* at_;
  const char* end_;
};

// One entry of a map field: 1 key, 2 value. Of repeated ones the last counts.
struct MapEntry {
  Bytes key, value;
};
inline MapEntry read_map_entry(Bytes message) {
  MapEntry entry;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) entry.key = field.payload;
    if (field.is_bytes(2)) entry.value = field.payload;
  }
  return entry;
}

}  // namespace thaw::internal
