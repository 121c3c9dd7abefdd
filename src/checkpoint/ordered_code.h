// The keys of slices: bytes that sort as what they encode does.
//
//   slice key   number 0, text name, number rank, then for each dimension: integer start, integer length
//   number      n, then the value in n bytes, high byte first, without leading zeros
//   text        bytes with 00 as 00 ff and ff as ff 00, then 00 01
//   integer     -64…63: one byte, 80 xor the value. Else n bytes, n the fewest with -2^(7n-1) <= value <
//   2^(7n-1):
//               the value, high byte first, its first n + 1 bits xor n ones and a zero
//
// TensorFlow: core/lib/strings/ordered_code.cc, core/util/saved_tensor_slice_util.cc (EncodeTensorNameSlice).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "thaw/checkpoint.h"

namespace thaw::internal {

void append_ordered_number(std::string& out, std::uint64_t value);
void append_ordered_text(std::string& out, Bytes text);
void append_ordered_integer(std::string& out, std::int64_t value);

// A dimension taken whole without saying how long it is has start 0 and length -1.
constexpr std::int64_t kWholeDimension = -1;
std::string slice_key(Bytes name, const std::vector<SliceExtent>& extents);

}  // namespace thaw::internal
