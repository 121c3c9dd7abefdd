// The bytes of a tensor in a checkpoint's data file, verified on the way.
#pragma once

#include <cstdint>

#include "thaw/tensor.h"

namespace thaw::internal {

// A tensor of a fixed element size whose canonical bytes are `range`. Whoever reads them from the first to
// the last in one stream gets `malformed` instead of the last ones when their checksum is not `crc`; other
// reads are not verified.
Value stored_value(DType dtype, Shape shape, SourcePtr source, Range range, std::uint32_t crc);

// Reads every element, for what is verified on the way.
void read_through(const Value& value);

}  // namespace thaw::internal
