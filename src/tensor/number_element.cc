#include "tensor/number_element.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace thaw::internal {

namespace {

template <typename Number>
std::string bytes_of(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

// To the nearest half, for numbers between 2^-14 and 65504: all that optimisers begin with.
std::uint16_t half_bits(double number) {
  if (number == 0) return 0;
  int exponent = 0;
  const double fraction = std::frexp(number, &exponent);  // 0.5 <= fraction < 1
  const double mantissa = std::nearbyint((2 * fraction - 1) * 1024);
  return static_cast<std::uint16_t>((exponent + 14) * 1024 + static_cast<int>(mantissa));
}

std::uint16_t bfloat_bits(double number) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(number));
  return static_cast<std::uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

}  // namespace

std::optional<std::string> number_element(DType dtype, double number) {
  if (number == 0 && element_size(dtype) > 0) return std::string(element_size(dtype), '\0');
  switch (dtype) {
    case DType::float32:
      return bytes_of(static_cast<float>(number));
    case DType::float64:
      return bytes_of(number);
    case DType::float16:
      return bytes_of(half_bits(number));
    case DType::bfloat16:
      return bytes_of(bfloat_bits(number));
    case DType::int32:
      return bytes_of(static_cast<std::int32_t>(number));
    case DType::int64:
      return bytes_of(static_cast<std::int64_t>(number));
    default:
      return std::nullopt;
  }
}

}  // namespace thaw::internal
