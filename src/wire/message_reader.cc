#include "wire/message_reader.h"

#include <cstring>

#include "thaw/error.h"
#include "wire/malformed.h"

namespace thaw::internal {

bool MessageReader::next_of_any_kind(FieldView& part) {
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

std::uint64_t MessageReader::long_varint() {
  std::uint64_t value = 0;
  const char* at = at_;
  for (unsigned shift = 0; at != end_ && shift < 70; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte >= 0x80) continue;
    at_ = at;
    return value;
  }
  fail_varint(position(at_), at - at_ == 10);
}

std::uint64_t MessageReader::fixed(const char* start, WireType type) {
  if (type != WireType::fixed64 && type != WireType::fixed32)
    fail_wire_type(position(start), static_cast<unsigned>(type));
  const std::ptrdiff_t size = type == WireType::fixed64 ? 8 : 4;
  if (end_ - at_ < size) fail_fixed(position(at_), static_cast<unsigned>(size));
  std::uint64_t value = 0;
  std::memcpy(&value, at_, static_cast<std::size_t>(size));  // little endian, as this library's targets are
  at_ += size;
  return value;
}

void MessageReader::fail_number(const char* start, std::uint64_t number) const {
  fail_field_number(position(start), number);
}

void MessageReader::fail_size(const char* start, std::uint64_t size) const {
  fail_length(position(start), size, static_cast<std::uint64_t>(end_ - at_));
}

void fail_two_parts(const char* what) {
  throw Error(ErrorKind::malformed, std::string(what) + " whose value stands in two parts", "one part");
}

}  // namespace thaw::internal
