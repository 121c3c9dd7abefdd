#include "io/crc32c.h"

#include <array>
#include <cstddef>

#ifdef THAW_HAS_ISAL
#include <isa-l/crc.h>
#endif

namespace thaw::internal {

namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78u;

using SlicingTables = std::array<std::array<std::uint32_t, 256>, 8>;

// Table k holds what a byte contributes when k more bytes follow it.
constexpr SlicingTables make_tables() {
  SlicingTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ kPolynomial : crc >> 1;
    tables[0][byte] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr SlicingTables kTables = make_tables();

std::uint32_t load32(const char* at) {
  const auto byte = [at](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])); };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

// a · b modulo the polynomial, both reflected.
std::uint32_t multiply(std::uint32_t a, std::uint32_t b) {
  std::uint32_t product = 0;
  for (std::uint32_t bit = 1u << 31; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) product ^= b;
    b = (b & 1) != 0 ? (b >> 1) ^ kPolynomial : b >> 1;
  }
  return product;
}

}  // namespace

std::uint32_t crc32c_extend_portable(std::uint32_t crc, Bytes bytes) {
  crc = ~crc;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    const std::uint32_t low = crc ^ load32(at);
    const std::uint32_t high = load32(at + 4);
    crc = kTables[7][low & 0xFF] ^ kTables[6][low >> 8 & 0xFF] ^ kTables[5][low >> 16 & 0xFF] ^
          kTables[4][low >> 24] ^ kTables[3][high & 0xFF] ^ kTables[2][high >> 8 & 0xFF] ^
          kTables[1][high >> 16 & 0xFF] ^ kTables[0][high >> 24];
  }
  for (; left > 0; --left, ++at)
    crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(*at)) & 0xFF];
  return ~crc;
}

#ifdef THAW_HAS_ISAL
std::uint32_t crc32c_extend(std::uint32_t crc, Bytes bytes) {
  // ISA-L takes the length as an int, a pointer that is not const, and inverts neither before nor after.
  constexpr std::size_t kMost = std::size_t{1} << 30;
  crc = ~crc;
  while (!bytes.empty()) {
    const Bytes now = bytes.substr(0, kMost);
    auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(now.data()));
    crc = crc32_iscsi(data, static_cast<int>(now.size()), crc);
    bytes.remove_prefix(now.size());
  }
  return ~crc;
}
#else
std::uint32_t crc32c_extend(std::uint32_t crc, Bytes bytes) { return crc32c_extend_portable(crc, bytes); }
#endif

std::uint32_t crc32c_combine(std::uint32_t crc_a, std::uint32_t crc_b, std::uint64_t size_b) {
  // A moves up by 8 · size_b places; bit 31 is the coefficient of x^0, so 1 << 23 is x^8.
  std::uint32_t shift = 1u << 31;
  std::uint32_t power = 1u << 23;
  for (; size_b != 0; size_b >>= 1) {
    if ((size_b & 1) != 0) shift = multiply(shift, power);
    power = multiply(power, power);
  }
  return multiply(shift, crc_a) ^ crc_b;
}

}  // namespace thaw::internal
