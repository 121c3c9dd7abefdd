#include "checkpoint/ordered_code.h"

#include <bit>

namespace thaw::internal {

namespace {

char byte_of(std::uint64_t value, std::size_t from_the_right) {
  return static_cast<char>(value >> (8 * from_the_right) & 0xFF);
}

}  // namespace

void append_ordered_number(std::string& out, std::uint64_t value) {
  const auto size = static_cast<std::size_t>(std::bit_width(value) + 7) / 8;
  out += static_cast<char>(size);
  for (std::size_t i = size; i-- > 0;) out += byte_of(value, i);
}

void append_ordered_text(std::string& out, Bytes text) {
  for (const char c : text) {
    out += c;
    if (c == '\0') out += '\xff';
    if (c == '\xff') out += '\0';
  }
  out += '\0';
  out += '\x01';
}

void append_ordered_integer(std::string& out, std::int64_t value) {
  // The bits of a value beside its sign, and the sign: 7 in one byte, 7n in n bytes, the rest of them being
  // the header.
  const auto magnitude = static_cast<std::uint64_t>(value < 0 ? ~value : value);
  const auto size = static_cast<std::size_t>(std::bit_width(magnitude)) / 7 + 1;
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    // Bytes beyond the eighth only repeat the sign.
    const std::size_t from_the_right = size - 1 - i;
    bytes[i] = from_the_right < 8 ? byte_of(static_cast<std::uint64_t>(value), from_the_right)
                                  : static_cast<char>(value < 0 ? 0xFF : 0);
  }
  const std::uint32_t header = 0xFFFFu << (16 - size) & 0xFFFFu;  // size ones, then zeros
  bytes[0] = static_cast<char>(bytes[0] ^ static_cast<char>(header >> 8));
  if (size > 1) bytes[1] = static_cast<char>(bytes[1] ^ static_cast<char>(header & 0xFF));
  out += bytes;
}

std::string slice_key(Bytes name, const std::vector<SliceExtent>& extents) {
  std::string key;
  append_ordered_number(key, 0);
  append_ordered_text(key, name);
  append_ordered_number(key, extents.size());
  for (const SliceExtent& extent : extents) {
    append_ordered_integer(key, extent.start);
    append_ordered_integer(key, extent.length);
  }
  return key;
}

}  // namespace thaw::internal
