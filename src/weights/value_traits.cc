#include "weights/value_traits.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

namespace thaw::internal {

namespace {

constexpr std::int64_t kSample = 16384;

double half_to_double(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const double fraction = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

double element_at(DType dtype, const std::byte* at) {
  const auto load = [&]<typename T>(T value) {
    std::memcpy(&value, at, sizeof value);
    return value;
  };
  switch (dtype) {
    case DType::float32:
      return static_cast<double>(load(0.0F));
    case DType::float64:
      return load(0.0);
    case DType::float16:
      return half_to_double(load(std::uint16_t{0}));
    case DType::bfloat16:
      return static_cast<double>(
          std::bit_cast<float>(static_cast<std::uint32_t>(load(std::uint16_t{0})) << 16));
    default:
      return 0;
  }
}

std::vector<double> sample(const Value& value) {
  const std::int64_t count = std::min(value.element_count(), kSample);
  const std::size_t size = element_size(value.dtype());
  std::vector<std::byte> bytes(static_cast<std::size_t>(count) * size);
  if (count > 0) value.open()->read(bytes);
  std::vector<double> numbers;
  for (std::size_t at = 0; at < bytes.size(); at += size)
    numbers.push_back(element_at(value.dtype(), bytes.data() + at));
  return numbers;
}

bool is_close(double a, double b) {
  return std::abs(a - b) <= 1e-3 * std::max(std::abs(a), std::abs(b)) + 1e-9;
}

bool is_evenly_spaced(const std::vector<double>& numbers) {
  if (numbers.size() < 4) return false;
  const double step = numbers[1] - numbers[0];
  if (step == 0) return false;
  for (std::size_t i = 2; i < numbers.size(); ++i) {
    if (std::abs(numbers[i] - numbers[i - 1] - step) > 1e-5 * std::abs(step)) return false;
  }
  return true;
}

// Zeros and ones, some of each, in rows: what a selection or an identity looks like.
bool is_zero_one(const std::vector<double>& numbers, const Shape& shape) {
  if (shape.rank() < 2 || numbers.size() < 4) return false;
  const auto ones = std::ranges::count(numbers, 1.0);
  const auto zeros = std::ranges::count(numbers, 0.0);
  return ones > 0 && zeros > 0 && static_cast<std::size_t>(ones + zeros) == numbers.size();
}

// Luma weights and colour matrices (ITU-R BT.601), means of ImageNet in both usual scales.
constexpr std::array kKnown = std::to_array<std::array<double, 3>>({
    {0.299, 0.587, 0.114},
    {0.2989, 0.587, 0.114},
    {0.114, 0.587, 0.299},
    {123.68, 116.779, 103.939},
    {103.939, 116.779, 123.68},
    {0.485, 0.456, 0.406},
    {0.229, 0.224, 0.225},
    {58.395, 57.12, 57.375},
    {123.675, 116.28, 103.53},
    {123.68, 116.78, 103.94},
    {122.68, 116.67, 104.01},
});

bool is_known_table(const std::vector<double>& numbers) {
  if (numbers.size() < 3 || numbers.size() > 16) return false;
  for (const auto& known : kKnown) {
    const auto matches = [&](std::size_t start, std::size_t stride) {
      for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t at = start + i * stride;
        if (at >= numbers.size() || !is_close(std::abs(numbers[at]), known[i])) return false;
      }
      return true;
    };
    if (matches(0, 1)) return true;
    if (numbers.size() == 9 && matches(0, 3)) return true;
  }
  // YIQ to RGB and YUV to RGB begin with a row or column of ones.
  return numbers.size() == 9 && ((numbers[0] == 1 && numbers[1] == 1 && numbers[2] == 1) ||
                                 (numbers[0] == 1 && numbers[3] == 1 && numbers[6] == 1));
}

}  // namespace

ValueTraits look_at_values(const Value& value) {
  ValueTraits traits;
  const std::vector<double> numbers = sample(value);
  if (numbers.empty()) return traits;
  traits.first = numbers[0];
  traits.all_equal = std::ranges::all_of(numbers, [&](double number) { return number == numbers[0]; });
  traits.program_constant =
      is_evenly_spaced(numbers) || is_zero_one(numbers, value.shape()) || is_known_table(numbers);
  std::vector<double> some(
      numbers.begin(),
      numbers.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(numbers.size(), 256)));
  const bool finite = std::ranges::all_of(some, [](double number) { return std::isfinite(number); });
  std::ranges::sort(some);
  const auto distinct = std::distance(some.begin(), std::ranges::unique(some).begin());
  traits.looks_learned = finite && distinct > std::min<std::int64_t>(4, value.element_count() - 1);
  return traits;
}

}  // namespace thaw::internal
