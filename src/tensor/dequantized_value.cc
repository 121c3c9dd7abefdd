#include "tensor/dequantized_value.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

#include "tensor/mapped_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// TensorFlow computes with denormal numbers taken for zeros, and gives none (core/platform/denormal.h).
float flushed(float number) {
  return std::fpclassify(number) == FP_SUBNORMAL ? std::copysign(0.0F, number) : number;
}

// q becomes (q + before) * scale + behind, or q * scale alone, which may be a negative zero.
struct Line {
  float before = 0, scale = 0, behind = 0;
  bool adds = true;
};

template <typename T>
Line combined_line(float low, float high) {
  constexpr auto kLowest = static_cast<float>(std::numeric_limits<T>::min());
  constexpr auto kHighest = static_cast<float>(std::numeric_limits<T>::max());
  const float half = std::is_signed_v<T> ? (kHighest - kLowest + 1) / 2.0F : 0.0F;
  return {half, flushed(flushed(high - low) / (kHighest - kLowest)), low};
}

template <typename T>
Line min_first_line(float low, float high) {
  constexpr double kSteps = static_cast<double>(std::int64_t{1} << (8 * sizeof(T)));
  constexpr auto kLowest = static_cast<float>(std::numeric_limits<T>::min());
  const float range = flushed(high - low);
  const float scale = flushed(static_cast<float>(range / (kSteps - 1.0)));
  const float rounded = low == high ? low : flushed(std::round(flushed(low / scale)) * scale);
  const float from_lowest = flushed(kLowest * scale);
  return {0, scale, flushed(rounded - from_lowest)};
}

template <typename T>
Line scaled_line(float low, float high, bool narrow_range) {
  const float by_high = flushed(high / static_cast<float>(std::numeric_limits<T>::max()));
  if (!std::is_signed_v<T>) return {0, by_high, 0, false};
  const std::int64_t lowest = std::int64_t{std::numeric_limits<T>::min()} + (narrow_range ? 1 : 0);
  return {0, std::max(flushed(low / static_cast<float>(lowest)), by_high), 0, false};
}

template <typename T>
Line line_of(const Dequantization& by, std::size_t slice) {
  const float low = flushed(by.lows[slice]), high = flushed(by.highs[slice]);
  switch (by.mode) {
    case DequantizeMode::min_combined:
      return combined_line<T>(low, high);
    case DequantizeMode::min_first:
      return min_first_line<T>(low, high);
    default:
      return scaled_line<T>(low, high, by.narrow_range);
  }
}

// bfloat16's own conversion (Eigen/src/Core/arch/Default/BFloat16.h, float_to_bfloat16_rtne).
std::uint16_t to_bfloat16(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  if (std::isnan(number)) return std::signbit(number) ? 0xFFC0 : 0x7FC0;
  return static_cast<std::uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

template <typename T>
class Dequantizer {
 public:
  Dequantizer(const Dequantization& by, std::uint64_t run, bool is_short) : run_(run), is_short_(is_short) {
    for (std::size_t slice = 0; slice < by.lows.size(); ++slice) lines_.push_back(line_of<T>(by, slice));
  }

  void map(std::uint64_t first, std::span<const std::byte> from, std::span<std::byte> to) const {
    const std::size_t count = from.size() / sizeof(T);
    for (std::size_t i = 0; i < count; ++i) {
      T number;
      std::memcpy(&number, from.data() + i * sizeof number, sizeof number);
      put(value(line(first + i), number), i, to);
    }
  }

 private:
  const Line& line(std::uint64_t element) const {
    return lines_.size() == 1 ? lines_[0] : lines_[static_cast<std::size_t>(element / run_ % lines_.size())];
  }

  float value(const Line& line, T number) const {
    const auto q = static_cast<float>(number);
    if (!line.adds) return flushed(as_scaled(q) * line.scale);
    const float product = flushed((q + line.before) * line.scale);
    return flushed(product + line.behind);
  }

  // Where there is one range the kernel goes from float to int and back, and 2^31 overflows there.
  float as_scaled(float q) const {
    constexpr float kBeyond = 2147483648.0F;
    return lines_.size() == 1 && q >= kBeyond ? -kBeyond : q;
  }

  void put(float number, std::size_t i, std::span<std::byte> to) const {
    if (!is_short_) {
      std::memcpy(to.data() + i * sizeof number, &number, sizeof number);
      return;
    }
    const std::uint16_t bits = to_bfloat16(number);
    std::memcpy(to.data() + i * sizeof bits, &bits, sizeof bits);
  }

  std::vector<Line> lines_;
  std::uint64_t run_;  // elements of one slice that lie together
  bool is_short_;
};

template <typename T>
ElementMap dequantizing(const Dequantization& by, std::uint64_t run) {
  auto dequantizer = std::make_shared<const Dequantizer<T>>(by, run, by.result == DType::bfloat16);
  return [dequantizer](std::uint64_t first, std::span<const std::byte> from, std::span<std::byte> to) {
    dequantizer->map(first, from, to);
  };
}

ElementMap dequantizing(DType stored, const Dequantization& by, std::uint64_t run) {
  switch (stored) {
    case DType::quint8:
      return dequantizing<std::uint8_t>(by, run);
    case DType::qint8:
      return dequantizing<std::int8_t>(by, run);
    case DType::quint16:
      return dequantizing<std::uint16_t>(by, run);
    case DType::qint16:
      return dequantizing<std::int16_t>(by, run);
    default:
      return dequantizing<std::int32_t>(by, run);
  }
}

}  // namespace

std::optional<DequantizeMode> dequantize_mode(std::string_view name) {
  if (name == "MIN_COMBINED") return DequantizeMode::min_combined;
  if (name == "MIN_FIRST") return DequantizeMode::min_first;
  if (name == "SCALED") return DequantizeMode::scaled;
  return std::nullopt;
}

bool can_dequantize(DType stored) {
  return stored == DType::quint8 || stored == DType::qint8 || stored == DType::quint16 ||
         stored == DType::qint16 || stored == DType::qint32;
}

bool fits(const Dequantization& by, DType stored, const Shape& shape) {
  if (!can_dequantize(stored) || !shape.fully_defined()) return false;
  const bool is_short = by.result == DType::bfloat16 && by.mode == DequantizeMode::min_combined;
  if (by.result != DType::float32 && !is_short) return false;
  if (by.axis >= static_cast<std::int64_t>(shape.rank())) return false;
  const std::int64_t slices = by.axis < 0 ? 1 : shape.dims()[static_cast<std::size_t>(by.axis)];
  const auto is_as_many = [&](const std::vector<float>& limits) {
    return static_cast<std::int64_t>(limits.size()) == slices;
  };
  return is_as_many(by.lows) && is_as_many(by.highs) && (slices == 1 || by.mode != DequantizeMode::min_first);
}

Value dequantized_value(Value stored, const Dequantization& by) {
  if (!fits(by, stored.dtype(), stored.shape()))
    throw Error(ErrorKind::bug, "a tensor cannot be dequantized so");
  std::uint64_t run = 1;
  const std::vector<std::int64_t>& dims = stored.shape().dims();
  for (std::size_t i = dims.size(); by.axis >= 0 && i-- > static_cast<std::size_t>(by.axis) + 1;)
    run *= static_cast<std::uint64_t>(dims[i]);
  ElementMap map = dequantizing(stored.dtype(), by, run);
  return mapped_value(std::move(stored), by.result, std::move(map));
}

}  // namespace thaw::internal
