// MessageReader: the fields of a protobuf message that is wholly in memory, as views of it. Encoding and
// checks are those of Walk (walk.h), which is for messages that are not: every node is looked at many times,
// so the usual case is inline.
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
    // Most fields are short: one byte of tag, one of length.
    if (end_ - at_ < 2) return next_of_any_kind(part);
    const auto tag = static_cast<unsigned char>(at_[0]), size = static_cast<unsigned char>(at_[1]);
    if ((tag & 0x87) != 2 || tag < 8 || size >= 0x80 || size > end_ - at_ - 2) return next_of_any_kind(part);
    part.number = tag >> 3;
    part.type = WireType::length_delimited;
    part.payload = {at_ + 2, size};
    part.whole = {at_, std::size_t{size} + 2};
    at_ += size + 2;
    return true;
  }

 private:
  bool next_of_any_kind(FieldView& part);
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

// One entry of a map field: 1 key, 2 value. Of repeated keys the last counts; two values would be merged, and
// are refused: nothing writes them.
struct MapEntry {
  Bytes key, value;
};
[[noreturn]] void fail_two_parts(const char* what);
inline MapEntry read_map_entry(Bytes message) {
  MapEntry entry;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) entry.key = field.payload;
    if (!field.is_bytes(2)) continue;
    if (entry.value.data() != nullptr) fail_two_parts("an entry of a map");
    entry.value = field.payload;
  }
  return entry;
}

}  // namespace thaw::internal
