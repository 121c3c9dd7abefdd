// TextOutput: wire bytes whose lengths are known only after what they count was written.
//
// `open` leaves one byte for a length and `close` fills it in. A length that needs more than the one byte is
// kept aside and `finish` makes room for all of them in a single pass from the back, so nesting costs
// nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "wire/walk.h"

namespace thaw::internal {

class TextOutput {
 public:
  struct Mark {
    std::size_t at = 0;       // of the length byte
    std::uint64_t extra = 0;  // bytes kept aside when it was opened
  };

  void tag(std::uint32_t number, WireType type);
  void varint(std::uint64_t value);
  void fixed32(std::uint32_t value);
  void fixed64(std::uint64_t value);
  // For appending a string's bytes between `open` and `close`.
  std::string& bytes() { return bytes_; }

  Mark open();
  void close(Mark mark);

  // Every mark must be closed. Leaves the object empty.
  std::string finish();

 private:
  struct LongLength {
    std::size_t at;
    std::uint64_t value;
  };

  std::string bytes_;
  std::vector<LongLength> long_lengths_;
  std::uint64_t extra_ = 0;  // what the long lengths need beyond the byte each has
};

}  // namespace thaw::internal
