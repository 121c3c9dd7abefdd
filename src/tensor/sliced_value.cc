#include "tensor/sliced_value.h"

#include <algorithm>
#include <array>

namespace thaw::internal {

namespace {

struct Box {
  Value whole;
  std::vector<std::int64_t> start, dims;
  std::uint64_t run;  // bytes that lie together in the whole
};

// The whole is read forward only: values that are decoded on the way have no cheaper place to begin.
class SlicedStream final : public ByteStream {
 public:
  SlicedStream(const Box& box, std::uint64_t at) : box_(&box), at_(at) {}

  void read(std::span<std::byte> into) override {
    while (!into.empty()) {
      const std::uint64_t in_run = at_ % box_->run;
      const std::span<std::byte> now =
          into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), box_->run - in_run)));
      go_to(place_of(at_ / box_->run) + in_run);
      stream_->read(now);
      whole_at_ += now.size();
      at_ += now.size();
      into = into.subspan(now.size());
    }
  }

 private:
  std::uint64_t place_of(std::uint64_t run) const {
    const std::vector<std::int64_t>& whole = box_->whole.shape().dims();
    std::uint64_t element = run * box_->run / element_size(box_->whole.dtype());
    std::uint64_t place = 0, stride = 1;
    for (std::size_t i = whole.size(); i-- > 0;) {
      const auto dim = static_cast<std::uint64_t>(box_->dims[i]);
      place += (static_cast<std::uint64_t>(box_->start[i]) + element % dim) * stride;
      element /= dim;
      stride *= static_cast<std::uint64_t>(whole[i]);
    }
    return place * element_size(box_->whole.dtype());
  }

  void go_to(std::uint64_t place) {
    if (!stream_ || (box_->whole.seekable() && place != whole_at_)) {
      stream_ = box_->whole.open(place);
      whole_at_ = place;
    }
    std::array<std::byte, 4096> passed;
    while (whole_at_ < place) {
      const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(passed.size(), place - whole_at_));
      stream_->read(std::span(passed).first(now));
      whole_at_ += now;
    }
  }

  const Box* box_;
  std::uint64_t at_;
  std::unique_ptr<ByteStream> stream_;
  std::uint64_t whole_at_ = 0;
};

class SlicedBody final : public ValueBody {
 public:
  explicit SlicedBody(Box box) : box_(std::move(box)) {}
  bool seekable() const override { return box_.whole.seekable(); }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    return std::make_unique<SlicedStream>(box_, at);
  }

 private:
  Box box_;
};

}  // namespace

Value sliced_value(Value whole, const std::vector<std::int64_t>& start, Shape shape) {
  const DType dtype = whole.dtype();
  std::uint64_t run = element_size(dtype);
  for (std::size_t i = shape.rank(); i-- > 0;) {
    run *= static_cast<std::uint64_t>(shape.dims()[i]);
    if (shape.dims()[i] != whole.shape().dims()[i]) break;
  }
  auto body = std::make_shared<SlicedBody>(Box{std::move(whole), start, shape.dims(), run});
  return Value(dtype, std::move(shape), std::move(body));
}

}  // namespace thaw::internal
