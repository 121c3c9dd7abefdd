#include "tensor/raised_value.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace thaw::internal {

namespace {

// Reads may end within an element.
class RaisedStream final : public ByteStream {
 public:
  RaisedStream(const Value& value, double by, std::uint64_t at)
      : width_(element_size(value.dtype())),
        stream_(value.open(at / width_ * width_)),
        by_(by),
        skip_(at % width_) {}

  void read(std::span<std::byte> into) override {
    while (!into.empty()) {
      if (used_ == width_) next();
      const std::size_t now = std::min(into.size(), width_ - used_);
      std::memcpy(into.data(), element_ + used_, now);
      used_ += now;
      into = into.subspan(now);
    }
  }

 private:
  template <typename Number>
  void raise() {
    Number number;
    std::memcpy(&number, element_, sizeof number);
    number += static_cast<Number>(by_);
    std::memcpy(element_, &number, sizeof number);
  }

  void next() {
    stream_->read(std::span(element_, width_));
    width_ == sizeof(float) ? raise<float>() : raise<double>();
    used_ = std::exchange(skip_, 0);
  }

  std::size_t width_;
  std::unique_ptr<ByteStream> stream_;
  double by_;
  std::size_t skip_;
  std::size_t used_ = width_;
  std::byte element_[sizeof(double)];
};

class RaisedBody final : public ValueBody {
 public:
  RaisedBody(Value value, double by) : value_(std::move(value)), by_(by) {}
  bool seekable() const override { return value_.seekable(); }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    return std::make_unique<RaisedStream>(value_, by_, at);
  }

 private:
  Value value_;
  double by_;
};

}  // namespace

Value raised_value(Value value, double by) {
  const DType dtype = value.dtype();
  const Shape shape = value.shape();
  return Value(dtype, shape, std::make_shared<RaisedBody>(std::move(value), by));
}

}  // namespace thaw::internal
