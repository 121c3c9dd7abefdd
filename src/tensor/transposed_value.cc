#include "tensor/transposed_value.h"

#include <algorithm>
#include <cstring>

namespace thaw::internal {

namespace {

constexpr std::uint64_t kBlock = 4u << 20;
constexpr std::size_t kPiece = 64u << 10;

// An axis of the value as it lies, outermost first, and how far a step along it goes in the result.
struct Axis {
  std::uint64_t size, step;
};

struct Transposition {
  Value value;
  std::vector<Axis> axes;
};

class TransposedStream final : public ByteStream {
 public:
  TransposedStream(const Transposition& done, std::uint64_t at)
      : done_(&done), width_(element_size(done.value.dtype())), at_(at) {}

  void read(std::span<std::byte> into) override {
    while (!into.empty()) {
      if (at_ < first_ || at_ >= first_ + block_.size()) fill();
      const std::size_t inside = static_cast<std::size_t>(at_ - first_);
      const std::size_t now = std::min(into.size(), block_.size() - inside);
      std::memcpy(into.data(), block_.data() + inside, now);
      at_ += now;
      into = into.subspan(now);
    }
  }

 private:
  // The block with `at_` in it, whole elements.
  void fill() {
    first_ = at_ / kBlock * kBlock;
    block_.resize(static_cast<std::size_t>(std::min(kBlock, done_->value.byte_size() - first_)));
    const auto stream = done_->value.open();
    std::vector<std::byte> piece(kPiece);
    std::vector<std::uint64_t> coordinates(done_->axes.size());
    std::uint64_t place = 0;
    for (std::uint64_t left = done_->value.byte_size(); left > 0;) {
      const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece));
      stream->read(std::span(piece).first(now));
      for (std::size_t i = 0; i < now; i += width_) {
        take(piece.data() + i, place * width_);
        step(coordinates, place);
      }
      left -= now;
    }
  }

  void take(const std::byte* element, std::uint64_t place) {
    if (place >= first_ && place - first_ < block_.size())
      std::memcpy(block_.data() + (place - first_), element, width_);
  }

  void step(std::vector<std::uint64_t>& coordinates, std::uint64_t& place) const {
    for (std::size_t i = coordinates.size(); i-- > 0;) {
      const Axis& axis = done_->axes[i];
      place += axis.step;
      if (++coordinates[i] < axis.size) return;
      place -= axis.step * axis.size;
      coordinates[i] = 0;
    }
  }

  const Transposition* done_;
  std::size_t width_;
  std::uint64_t at_;
  std::uint64_t first_ = 0;
  std::vector<std::byte> block_;
};

class TransposedBody final : public ValueBody {
 public:
  explicit TransposedBody(Transposition done) : done_(std::move(done)) {}
  bool seekable() const override { return false; }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    return std::make_unique<TransposedStream>(done_, at);
  }

 private:
  Transposition done_;
};

}  // namespace

Value transposed_value(Value value, const std::vector<std::size_t>& axes) {
  const std::vector<std::int64_t>& dims = value.shape().dims();
  std::vector<std::int64_t> result;
  for (const std::size_t axis : axes) result.push_back(dims[axis]);
  std::vector<Axis> walk(dims.size());
  std::uint64_t step = 1;
  for (std::size_t i = axes.size(); i-- > 0;) {
    walk[axes[i]] = {static_cast<std::uint64_t>(dims[axes[i]]), step};
    step *= static_cast<std::uint64_t>(dims[axes[i]]);
  }
  const DType dtype = value.dtype();
  auto body = std::make_shared<TransposedBody>(Transposition{std::move(value), std::move(walk)});
  return Value(dtype, Shape(std::move(result)), std::move(body));
}

}  // namespace thaw::internal
