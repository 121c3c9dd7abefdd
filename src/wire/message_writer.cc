#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

char* put_varint(char* at, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
  *at++ = static_cast<char>(value);
  return at;
}

}  // namespace

void append_varint(std::string& out, std::uint64_t value) {
  char bytes[10];
  out.append(bytes, put_varint(bytes, value));
}

std::size_t varint_size(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

void append_header(std::string& out, std::uint32_t number, std::uint64_t payload_size) {
  char bytes[20];
  char* const length = put_varint(bytes, static_cast<std::uint64_t>(number) << 3 | 2);
  out.append(bytes, put_varint(length, payload_size));
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
