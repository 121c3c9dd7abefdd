// A string tensor as a checkpoint's data file holds it.
//
//   lengths    a varint for each element, row-major
//   checksum   u32le: mask(c), c over the lengths as u32le each (u64le where one passes 2^32 - 1)
//   bytes      of all elements, one behind the other
//
// The entry's own checksum is c, extended by the four bytes of the checksum and by the bytes of all elements.
// A tensor without elements has the four bytes of its checksum. TensorFlow:
// core/util/tensor_bundle/tensor_bundle.cc.
#pragma once

#include <cstdint>

#include "io/recipe.h"
#include "thaw/tensor.h"

namespace thaw::internal {

std::uint64_t string_tensor_size(const Value& strings);

// Hands the stored form to `sink` and returns the entry's checksum, not masked.
std::uint32_t pour_string_tensor(const Value& strings, const Sink& sink);

// The strings stored in `range`, which must lie inside the source. Reads all lengths and verifies their
// checksum now, the bytes' checksum against `crc` whenever all of them are read. Throws malformed.
Value stored_strings(Shape shape, SourcePtr source, Range range, std::uint32_t crc);

}  // namespace thaw::internal
