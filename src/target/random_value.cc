#include "target/random_value.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

namespace thaw::internal {

namespace {

// SplitMix64: the n-th number of a seed, without those before it.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t n) {
  std::uint64_t word = seed + (n + 1) * 0x9E3779B97F4A7C15u;
  word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9u;
  word = (word ^ word >> 27) * 0x94D049BB133111EBu;
  return word ^ word >> 31;
}

double unit(std::uint64_t word) { return static_cast<double>(word >> 11) * 0x1p-53; }

// Attempt `k` at element `n`: Box and Muller's transform of two uniform numbers.
double normal(std::uint64_t seed, std::uint64_t n, std::uint64_t k) {
  const std::uint64_t own = mixed(seed, n);
  const double radius = std::sqrt(-2 * std::log(1 - unit(mixed(own, 2 * k))));
  return radius * std::cos(2 * std::numbers::pi * unit(mixed(own, 2 * k + 1)));
}

double drawn(const Draw& draw, std::uint64_t n) {
  if (draw.distribution == Distribution::uniform) return unit(mixed(draw.seed, n));
  double number = normal(draw.seed, n, 0);
  if (draw.distribution == Distribution::normal) return number;
  // Beyond two deviations it is drawn again; a hundred misses in a row do not happen.
  for (std::uint64_t k = 1; std::abs(number) > 2 && k < 100; ++k) number = normal(draw.seed, n, k);
  return number;
}

class RandomStream final : public ByteStream {
 public:
  RandomStream(const Draw& draw, std::size_t element, std::uint64_t at)
      : draw_(draw), element_(element), at_(at) {}

  void read(std::span<std::byte> into) override {
    for (std::byte& byte : into) {
      if (at_ % element_ == 0 || !filled_) fill();
      byte = buffer_[at_ % element_];
      ++at_;
    }
  }

 private:
  void fill() {
    const double number = draw_.scale * drawn(draw_, at_ / element_) + draw_.offset;
    const auto narrow = static_cast<float>(number);
    if (element_ == sizeof narrow) std::memcpy(buffer_, &narrow, sizeof narrow);
    if (element_ == sizeof number) std::memcpy(buffer_, &number, sizeof number);
    filled_ = true;
  }

  Draw draw_;
  std::size_t element_;
  std::uint64_t at_;
  std::byte buffer_[sizeof(double)] = {};
  bool filled_ = false;
};

class RandomBody final : public ValueBody {
 public:
  RandomBody(const Draw& draw, std::size_t element) : draw_(draw), element_(element) {}
  bool seekable() const override { return true; }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    return std::make_unique<RandomStream>(draw_, element_, at);
  }

 private:
  Draw draw_;
  std::size_t element_;
};

}  // namespace

Value random_value(DType dtype, Shape shape, const Draw& draw) {
  return Value(dtype, std::move(shape), std::make_shared<RandomBody>(draw, element_size(dtype)));
}

}  // namespace thaw::internal
