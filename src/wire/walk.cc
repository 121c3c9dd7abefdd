#include "wire/walk.h"

#include <algorithm>
#include <cstring>

#include "wire/malformed.h"

namespace thaw::internal {

namespace {

std::uint64_t read_fixed(Window& window, std::uint64_t end, unsigned size) {
  if (size > end - window.at()) fail_fixed(window.at(), size);
  std::uint64_t value = 0;
  const Bytes bytes = window.peek(size);
  std::memcpy(&value, bytes.data(), size);  // little endian, as this library's targets are
  window.advance(size);
  return value;
}

}  // namespace

std::uint64_t read_varint(Window& window, std::uint64_t end) {
  const std::uint64_t left = end - window.at();
  if (left > 0) {  // most have one byte
    const Bytes next = window.peek(1);
    if (!next.empty() && static_cast<unsigned char>(next[0]) < 0x80) {
      window.advance(1);
      return static_cast<unsigned char>(next[0]);
    }
  }
  const Bytes bytes = window.peek(static_cast<std::size_t>(std::min<std::uint64_t>(left, 10)));
  const std::size_t limit = static_cast<std::size_t>(std::min<std::uint64_t>({left, 10, bytes.size()}));
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < limit; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      window.advance(i + 1);
      return value;
    }
  }
  fail_varint(window.at(), limit == 10);
}

bool Walk::next(Field& field) {
  if (next_ == end_) return false;
  if (window_->at() != next_) window_->seek(next_);
  field.begin = next_;
  const std::uint64_t tag = read_varint(*window_, end_);
  const std::uint64_t number = tag >> 3;
  if (number == 0 || number > 0x1FFFFFFF) fail_field_number(field.begin, number);
  field.number = static_cast<std::uint32_t>(number);
  switch (tag & 7) {
    case 0:
      field.scalar = read_varint(*window_, end_);
      break;
    case 1:
      field.scalar = read_fixed(*window_, end_, 8);
      break;
    case 5:
      field.scalar = read_fixed(*window_, end_, 4);
      break;
    case 2: {
      const std::uint64_t size = read_varint(*window_, end_);
      const std::uint64_t at = window_->at();
      if (size > end_ - at) fail_length(field.begin, size, end_ - at);
      field.payload = {at, size};
      field.type = WireType::length_delimited;
      next_ = at + size;
      return true;
    }
    default:
      fail_wire_type(field.begin, static_cast<unsigned>(tag & 7));
  }
  field.type = static_cast<WireType>(tag & 7);
  next_ = window_->at();
  return true;
}

std::string read_payload(Window& window, Range payload, std::uint64_t limit) {
  if (payload.size > limit) fail_payload(payload.at, payload.size, limit);
  if (window.at() != payload.at) window.seek(payload.at);
  std::string bytes(static_cast<std::size_t>(payload.size), '\0');
  window.copy(payload.size, bytes.data());
  return bytes;
}

}  // namespace thaw::internal
