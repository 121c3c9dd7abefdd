// How a sorted table ends, which the index of a checkpoint is, or all of one of TensorFlow's first format
// (core/lib/io/format.h): 48 bytes of footer, of which the last eight are always these.
#pragma once

#include "thaw/source.h"

namespace thaw::internal {

inline constexpr std::size_t kTableFooterSize = 48;
// 0xdb4775248b80fb57 as u64le.
inline constexpr Bytes kTableMagic = "\x57\xfb\x80\x8b\x24\x75\x47\xdb";

bool ends_as_table(const Source& file);

}  // namespace thaw::internal
