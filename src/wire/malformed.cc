#include "wire/malformed.h"

#include <string>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

[[noreturn]] void malformed(std::uint64_t at, const std::string& problem, const std::string& expected) {
  throw Error(ErrorKind::malformed, problem + " at byte " + std::to_string(at), expected,
              "is the file complete, and a TensorFlow model?");
}

}  // namespace

void fail_varint(std::uint64_t at, bool too_long) {
  malformed(at, too_long ? "a number has more than ten bytes" : "a number is cut off", "a varint");
}

void fail_fixed(std::uint64_t at, unsigned size) {
  malformed(at, "a number is cut off", std::to_string(size) + " bytes");
}

void fail_field_number(std::uint64_t at, std::uint64_t number) {
  malformed(at, "field number " + std::to_string(number), "1 to 2^29 - 1");
}

void fail_wire_type(std::uint64_t at, unsigned type) {
  malformed(at, "wire type " + std::to_string(type), "0, 1, 2 or 5");
}

void fail_length(std::uint64_t at, std::uint64_t size, std::uint64_t left) {
  malformed(at, "a field of " + std::to_string(size) + " bytes passes the end of what holds it",
            "at most " + std::to_string(left) + " bytes");
}

void fail_payload(std::uint64_t at, std::uint64_t size, std::uint64_t limit) {
  malformed(at, "a name or attribute of " + std::to_string(size) + " bytes",
            "at most " + std::to_string(limit) + " bytes");
}

}  // namespace thaw::internal
