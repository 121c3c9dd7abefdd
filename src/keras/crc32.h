// CRC-32 as zip files have it (ISO 3309, reflected polynomial 0xEDB88320).
#pragma once

#include <cstdint>

#include "thaw/source.h"

namespace thaw::internal {

// Of what `crc` is of, followed by `bytes`; 0 is that of nothing.
std::uint32_t crc32_after(std::uint32_t crc, Bytes bytes);

}  // namespace thaw::internal
