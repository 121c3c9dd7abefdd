#include "wire/walk.h"

#include <algorithm>
#include <cstring>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

[[noreturn]] void malformed(std::uint64_t at, const std::string& problem, const std::string& expected) {
  throw Error(ErrorKind::malformed, problem + " at byte " + std::to_string(at), expected,
              "is the file complete, and a TensorFlow model?");
}

std::uint64_t read_fixed(Window& window, std::uint64_t end, std::size_t size) {
  if (size > end - window.at())
    malformed(window.at(), "a number is cut off", std::to_string(size) + " bytes");
  std::uint64_t value = 0;
  const Bytes bytes = window.peek(size);
  std::memcpy(&value, bytes.data(), size);  // little endian, as this library's targets are
  window.advance(size);
  return value;
}

}  // namespace

std::uint64_t read_varint(Window& window, std::uint64_t end) {
  const std::uint64_t left = end - window.at();
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
  malformed(window.at(), limit == 10 ? "a number has more than ten bytes" : "a number is cut off",
            "a varint");
}

bool Walk::next(Field& field) {
  if (next_ == end_) return false;
  if (window_->at() != next_) window_->seek(next_);
  field.begin = next_;
  const std::uint64_t tag = read_varint(*window_, end_);
  const std::uint64_t number = tag >> 3;
  if (number == 0 || number > 0x1FFFFFFF)
    malformed(field.begin, "field number " + std::to_string(number), "1 to 2^29 - 1");
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
      if (size > end_ - at) {
        malformed(field.begin,
                  "a field of " + std::to_string(size) + " bytes passes the end of what holds it",
                  "at most " + std::to_string(end_ - at) + " bytes");
      }
      field.payload = {at, size};
      field.type = WireType::length_delimited;
      next_ = at + size;
      return true;
    }
    default:
      malformed(field.begin, "wire type " + std::to_string(tag & 7), "0, 1, 2 or 5");
  }
  field.type = static_cast<WireType>(tag & 7);
  next_ = window_->at();
  return true;
}

std::string read_payload(Window& window, Range payload, std::uint64_t limit) {
  if (payload.size > limit) {
    malformed(payload.at, "a name or attribute of " + std::to_string(payload.size) + " bytes",
              "at most " + std::to_string(limit) + " bytes");
  }
  if (window.at() != payload.at) window.seek(payload.at);
  std::string bytes(static_cast<std::size_t>(payload.size), '\0');
  window.copy(payload.size, bytes.data());
  return bytes;
}

}  // namespace thaw::internal
