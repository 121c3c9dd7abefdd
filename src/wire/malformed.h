// What is refused in the encoding of a message, worded once for all that read it. `at` is where, in bytes.
#pragma once

#include <cstdint>

namespace thaw::internal {

[[noreturn]] void fail_varint(std::uint64_t at, bool too_long);
[[noreturn]] void fail_fixed(std::uint64_t at, unsigned size);
[[noreturn]] void fail_field_number(std::uint64_t at, std::uint64_t number);
[[noreturn]] void fail_wire_type(std::uint64_t at, unsigned type);
[[noreturn]] void fail_length(std::uint64_t at, std::uint64_t size, std::uint64_t left);
[[noreturn]] void fail_payload(std::uint64_t at, std::uint64_t size, std::uint64_t limit);

}  // namespace thaw::internal
