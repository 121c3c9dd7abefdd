// The numbers of protobuf's text format, whatever the locale says.
//
//   whole    0, 12 (decimal) · 017 (octal) · 0x1F (hexadecimal)
//   decimal  1, 1.5, .5, 1e-3, each with an optional f at the end; neither hexadecimal nor with a leading
//   zero
// Signs stand before them as tokens of their own.
#pragma once

#include <cstdint>
#include <optional>

#include "thaw/source.h"

namespace thaw::internal {

enum class WholeFault { none, not_whole, too_large };

struct Whole {
  std::uint64_t value = 0;
  WholeFault fault = WholeFault::none;
};

Whole parse_whole(Bytes digits);

// A value too large for a double is infinite and one too small is zero, as protobuf's own parser has it.
std::optional<double> parse_decimal(Bytes digits);

// inf, infinity, nan, in any case.
std::optional<double> parse_decimal_name(Bytes name);

}  // namespace thaw::internal
