// MessageWriter: fields of a message, appended to a string, ascending field numbers being the caller's habit.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "thaw/source.h"

namespace thaw::internal {

void append_varint(std::string& out, std::uint64_t value);
std::size_t varint_size(std::uint64_t value);
// Tag and length of a length-delimited field whose payload follows elsewhere.
void append_header(std::string& out, std::uint32_t number, std::uint64_t payload_size);

class MessageWriter {
 public:
  explicit MessageWriter(std::string& out) : out_(&out) {}

  MessageWriter& varint(std::uint32_t number, std::uint64_t value);
  MessageWriter& integer(std::uint32_t number, std::int64_t value) {
    return varint(number, static_cast<std::uint64_t>(value));
  }
  MessageWriter& boolean(std::uint32_t number, bool value) { return varint(number, value ? 1 : 0); }
  MessageWriter& bytes(std::uint32_t number, Bytes payload);
  MessageWriter& fixed32(std::uint32_t number, std::uint32_t value);
  MessageWriter& real(std::uint32_t number, float value) {
    return fixed32(number, std::bit_cast<std::uint32_t>(value));
  }

 private:
  std::string* out_;
};

}  // namespace thaw::internal
