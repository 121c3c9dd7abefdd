#include "wire/message_writer.h"

namespace thaw::internal {

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

std::size_t varint_size(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

void append_header(std::string& out, std::uint32_t number, std::uint64_t payload_size) {
  append_varint(out, static_cast<std::uint64_t>(number) << 3 | 2);
  append_varint(out, payload_size);
}

MessageWriter& MessageWriter::varint(std::uint32_t number, std::uint64_t value) {
  append_varint(*out_, static_cast<std::uint64_t>(number) << 3);
  append_varint(*out_, value);
  return *this;
}

MessageWriter& MessageWriter::bytes(std::uint32_t number, Bytes payload) {
  append_header(*out_, number, payload.size());
  out_->append(payload);
  return *this;
}

MessageWriter& MessageWriter::fixed32(std::uint32_t number, std::uint32_t value) {
  append_varint(*out_, static_cast<std::uint64_t>(number) << 3 | 5);
  for (int shift = 0; shift < 32; shift += 8) out_->push_back(static_cast<char>(value >> shift));
  return *this;
}

}  // namespace thaw::internal
