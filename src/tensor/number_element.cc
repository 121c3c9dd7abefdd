#include "tensor/number_element.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

namespace thaw::internal {

namespace {

template <typename Number>
std::string bytes_of(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

// To the nearest half, for numbers from 2^-14 to 65504 away from zero: all that optimisers begin with.
std::uint16_t half_bits(double number) {
  if (number == 0) return 0;
  int exponent = 0;
  const double fraction = std::frexp(std::abs(number), &exponent);  // 0.5 <= fraction < 1
  const double mantissa = std::nearbyint((2 * fraction - 1) * 1024);
  const int sign = std::signbit(number) ? 0x8000 : 0;
  return static_cast<std::uint16_t>(sign | ((exponent + 14) * 1024 + static_cast<int>(mantissa)));
}

std::uint16_t bfloat_bits(double number) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(number));
  return static_cast<std::uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

// Powers of two are exact as double numbers, and the least of a signed type is one.
template <typename Integer>
std::optional<std::string> rounded_bytes_of(double number) {
  const double rounded = std::nearbyint(number);
  const double least = static_cast<double>(std::numeric_limits<Integer>::min());
  if (!(rounded >= least && rounded < -least)) return std::nullopt;
  return bytes_of(static_cast<Integer>(rounded));
}

// Of whole numbers from zero, how far a type has all: 2 to the power of the bits of its significand.
std::uint64_t last_exact(DType dtype) {
  switch (dtype) {
    case DType::bfloat16:
      return std::uint64_t{1} << 8;
    case DType::float16:
      return std::uint64_t{1} << 11;
    case DType::float32:
      return std::uint64_t{1} << 24;
    case DType::float64:
      return std::uint64_t{1} << 53;
    default:
      return 0;
  }
}

}  // namespace

std::optional<std::string> integer_element(DType dtype, std::int64_t number) {
  if (dtype == DType::int64) return bytes_of(number);
  if (dtype == DType::int32) {
    return std::in_range<std::int32_t>(number) ? std::optional(bytes_of(static_cast<std::int32_t>(number)))
                                               : std::nullopt;
  }
  const std::uint64_t size =
      number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  return size <= last_exact(dtype) ? number_element(dtype, static_cast<double>(number)) : std::nullopt;
}

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
      return rounded_bytes_of<std::int32_t>(number);
    case DType::int64:
      return rounded_bytes_of<std::int64_t>(number);
    default:
      return std::nullopt;
  }
}

}  // namespace thaw::internal
