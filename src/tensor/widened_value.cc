#include "tensor/widened_value.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "tensor/mapped_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::uint32_t kQuietNan = 0x7FC00000;

struct Half {
  std::uint16_t bits;
};
struct Brain {
  std::uint16_t bits;
};

float wider(float number) { return number; }

float wider(Brain number) { return std::bit_cast<float>(static_cast<std::uint32_t>(number.bits) << 16); }

// Eigen's half_to_float (Eigen/src/Core/arch/Default/Half.h) and the processor's instruction agree in all
// but signalling NaNs, which the instruction makes quiet.
float wider(Half number) {
  const std::uint32_t sign = static_cast<std::uint32_t>(number.bits & 0x8000) << 16;
  const std::uint32_t exponent = number.bits >> 10 & 31, fraction = number.bits & 1023;
  if (exponent == 31)
    return std::bit_cast<float>(sign | 0x7F800000 | fraction << 13 | (fraction != 0 ? kQuietNan : 0));
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
  constexpr float kLeast = 0x1p-24F;
  const float number_of_least = static_cast<float>(fraction) * kLeast;
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(number_of_least));
}

template <typename From, typename To>
void widen(std::uint64_t, std::span<const std::byte> from, std::span<std::byte> to) {
  for (std::size_t i = 0; i < from.size() / sizeof(From); ++i) {
    From narrow;
    std::memcpy(&narrow, from.data() + i * sizeof narrow, sizeof narrow);
    const To wide = wider(narrow);
    std::memcpy(to.data() + i * sizeof wide, &wide, sizeof wide);
  }
}

ElementMap widening(DType from, DType to) {
  const bool is_double = to == DType::float64;
  switch (from) {
    case DType::float16:
      return is_double ? widen<Half, double> : widen<Half, float>;
    case DType::bfloat16:
      return is_double ? widen<Brain, double> : widen<Brain, float>;
    default:
      return widen<float, double>;
  }
}

}  // namespace

bool can_widen(DType from, DType to) {
  const bool is_short = from == DType::float16 || from == DType::bfloat16;
  return (is_short && to == DType::float32) || ((is_short || from == DType::float32) && to == DType::float64);
}

Value widened_value(Value value, DType dtype) {
  if (!can_widen(value.dtype(), dtype)) throw Error(ErrorKind::bug, "a tensor cannot be widened so");
  ElementMap map = widening(value.dtype(), dtype);
  return mapped_value(std::move(value), dtype, std::move(map));
}

}  // namespace thaw::internal
