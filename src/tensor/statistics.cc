#include "tensor/statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace thaw::internal {

namespace {

// IEEE 754 binary16, as TensorFlow's half.
double from_half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const double fraction = bits & 1023;
  double value = std::ldexp(exponent == 0 ? fraction : fraction + 1024, std::max(exponent, 1) - 25);
  if (exponent == 31)
    value =
        fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  return (bits & 0x8000) != 0 ? -value : value;
}

// The upper half of a float's bits.
double from_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

template <typename Number, typename Convert>
void append(Bytes bytes, std::vector<double>& out, Convert convert) {
  for (std::size_t at = 0; at + sizeof(Number) <= bytes.size(); at += sizeof(Number)) {
    Number number;
    std::memcpy(&number, bytes.data() + at, sizeof number);
    out.push_back(convert(number));
  }
}

template <typename Number>
void append(Bytes bytes, std::vector<double>& out) {
  append<Number>(bytes, out, [](Number number) { return static_cast<double>(number); });
}

// False: no numbers that can be ordered.
bool decode(DType dtype, Bytes bytes, std::vector<double>& out) {
  switch (dtype) {
    case DType::float32:
      append<float>(bytes, out);
      return true;
    case DType::float64:
      append<double>(bytes, out);
      return true;
    case DType::float16:
      append<std::uint16_t>(bytes, out, from_half);
      return true;
    case DType::bfloat16:
      append<std::uint16_t>(bytes, out, from_bfloat);
      return true;
    case DType::int64:
      append<std::int64_t>(bytes, out);
      return true;
    case DType::uint64:
      append<std::uint64_t>(bytes, out);
      return true;
    case DType::int32:
    case DType::qint32:
      append<std::int32_t>(bytes, out);
      return true;
    case DType::uint32:
      append<std::uint32_t>(bytes, out);
      return true;
    case DType::int16:
    case DType::qint16:
      append<std::int16_t>(bytes, out);
      return true;
    case DType::uint16:
    case DType::quint16:
      append<std::uint16_t>(bytes, out);
      return true;
    case DType::int8:
    case DType::qint8:
      append<std::int8_t>(bytes, out);
      return true;
    case DType::uint8:
    case DType::quint8:
    case DType::boolean:
      append<std::uint8_t>(bytes, out);
      return true;
    default:
      return false;
  }
}

// Mean and squared deviations of some of the numbers, joined to those of the others (Chan, Golub and
// LeVeque).
struct Moments {
  double count = 0, mean = 0, squares = 0;

  void join(const Moments& other) {
    if (other.count == 0) return;
    const double all = count + other.count, apart = other.mean - mean;
    mean += apart * (other.count / all);
    squares += other.squares + apart * apart * (count * (other.count / all));
    count = all;
  }
};

class Taker {
 public:
  void add(std::vector<double>& numbers) {
    result_.numbers += numbers.size();
    std::erase_if(numbers, [&](double number) { return set_apart(number); });
    if (numbers.empty()) return;
    Moments now{static_cast<double>(numbers.size()), 0, 0};
    for (const double number : numbers) {
      now.mean += number / now.count;
      result_.zeros += number == 0 ? 1 : 0;
    }
    for (const double number : numbers) now.squares += (number - now.mean) * (number - now.mean);
    moments_.join(now);
    const auto [low, high] = std::ranges::minmax(numbers);
    result_.min = std::min(result_.min.value_or(low), low);
    result_.max = std::max(result_.max.value_or(high), high);
  }

  TensorStatistics finish() {
    if (moments_.count > 0) {
      result_.mean = moments_.mean;
      result_.deviation = std::sqrt(moments_.squares / moments_.count);
    }
    return result_;
  }

 private:
  bool set_apart(double number) {
    result_.nans += std::isnan(number) ? 1 : 0;
    result_.infinities += std::isinf(number) ? 1 : 0;
    return !std::isfinite(number);
  }

  TensorStatistics result_;
  Moments moments_;
};

}  // namespace

bool has_statistics(DType dtype) {
  std::vector<double> none;
  return decode(dtype, {}, none);
}

TensorStatistics take_statistics(const Value& value, const std::function<void(std::uint64_t)>& read) {
  Taker taker;
  std::vector<double> numbers;
  value.pour([&](Bytes bytes) {
    numbers.clear();
    decode(value.dtype(), bytes, numbers);
    taker.add(numbers);
    if (read) read(bytes.size());
  });
  return taker.finish();
}

}  // namespace thaw::internal
