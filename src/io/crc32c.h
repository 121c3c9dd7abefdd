// CRC-32C, the checksum of every block and tensor of a checkpoint.
//
// Castagnoli's polynomial, reflected (0x82F63B78), initial value and final xor 0xFFFFFFFF (RFC 3720, appendix
// B.4). Stored checksums are masked, so that a checksum of bytes that hold checksums stays a good one:
// rotated right by 15 bits, plus 0xA282EAD8 (TensorFlow: tsl/lib/hash/crc32c.h).
#pragma once

#include <bit>
#include <cstdint>

#include "thaw/source.h"

namespace thaw::internal {

// The checksum of A followed by `bytes`, when `crc` is that of A. That of nothing is 0.
std::uint32_t crc32c_extend(std::uint32_t crc, Bytes bytes);
inline std::uint32_t crc32c(Bytes bytes) { return crc32c_extend(0, bytes); }

// The same without any special instruction; what `crc32c_extend` uses where ISA-L was not there at build
// time.
std::uint32_t crc32c_extend_portable(std::uint32_t crc, Bytes bytes);

// The checksum of A followed by B, from that of each and the size of B.
std::uint32_t crc32c_combine(std::uint32_t crc_a, std::uint32_t crc_b, std::uint64_t size_b);

constexpr std::uint32_t kCrcMaskDelta = 0xA282EAD8u;
constexpr std::uint32_t mask_crc(std::uint32_t crc) { return std::rotr(crc, 15) + kCrcMaskDelta; }
constexpr std::uint32_t unmask_crc(std::uint32_t masked) { return std::rotl(masked - kCrcMaskDelta, 15); }

}  // namespace thaw::internal
