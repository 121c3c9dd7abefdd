#include "tensor/element_number.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace thaw::internal {

namespace {

// A long double holds every int64 and uint64, where it is wider than a double.
static_assert(std::numeric_limits<long double>::digits >= 64, "integers of 64 bits need as many digits");

template <typename Number>
Number load(const std::byte* at) {
  Number number;
  std::memcpy(&number, at, sizeof number);
  return number;
}

long double half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

long double bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

// Sign, four bits of exponent with a bias of 7, three of fraction; no infinity.
long double float8_e4m3fn(std::uint8_t bits) {
  const int exponent = bits >> 3 & 15, fraction = bits & 7;
  const double sign = (bits & 0x80) != 0 ? -1 : 1;
  if ((bits & 0x7F) == 0x7F) return NAN;
  return sign * (exponent == 0 ? std::ldexp(fraction, -9) : std::ldexp(8 + fraction, exponent - 10));
}

// The low bits of a byte.
int narrow(std::uint8_t byte, int bits, bool is_signed) {
  const int number = byte & ((1 << bits) - 1);
  return is_signed && number >> (bits - 1) != 0 ? number - (1 << bits) : number;
}

long double real_number(DType dtype, const std::byte* at) {
  switch (dtype) {
    case DType::float32:
      return load<float>(at);
    case DType::float64:
      return load<double>(at);
    case DType::float16:
      return half(load<std::uint16_t>(at));
    case DType::bfloat16:
      return bfloat(load<std::uint16_t>(at));
    case DType::float8_e5m2:
      return half(static_cast<std::uint16_t>(load<std::uint8_t>(at) << 8));
    case DType::float8_e4m3fn:
      return float8_e4m3fn(load<std::uint8_t>(at));
    case DType::int8:
    case DType::qint8:
      return load<std::int8_t>(at);
    case DType::uint8:
    case DType::quint8:
    case DType::boolean:
      return load<std::uint8_t>(at);
    case DType::int16:
    case DType::qint16:
      return load<std::int16_t>(at);
    case DType::uint16:
    case DType::quint16:
      return load<std::uint16_t>(at);
    case DType::int32:
    case DType::qint32:
      return load<std::int32_t>(at);
    case DType::uint32:
      return load<std::uint32_t>(at);
    case DType::int64:
      return static_cast<long double>(load<std::int64_t>(at));
    case DType::uint64:
      return static_cast<long double>(load<std::uint64_t>(at));
    case DType::int4:
    case DType::uint4:
      return narrow(load<std::uint8_t>(at), 4, dtype == DType::int4);
    case DType::int2:
    case DType::uint2:
      return narrow(load<std::uint8_t>(at), 2, dtype == DType::int2);
    default:
      return NAN;
  }
}

}  // namespace

bool has_numbers(DType dtype) {
  switch (dtype) {
    case DType::invalid:
    case DType::string:
    case DType::resource:
    case DType::variant:
    case DType::float8_e4m3fnuz:
    case DType::float8_e4m3b11fnuz:
    case DType::float8_e5m2fnuz:
    case DType::float4_e2m1fn:
      return false;
    default:
      return true;
  }
}

std::complex<long double> number_of(DType dtype, const std::byte* element) {
  if (dtype == DType::complex64) return {load<float>(element), load<float>(element + sizeof(float))};
  if (dtype == DType::complex128) return {load<double>(element), load<double>(element + sizeof(double))};
  return real_number(dtype, element);
}

}  // namespace thaw::internal
