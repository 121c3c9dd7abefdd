#include "tensor/mapped_value.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace thaw::internal {

namespace {

constexpr std::uint64_t kElementsAtOnce = 4096;

struct Mapping {
  Value value;
  std::size_t from_size, to_size;  // of an element
  ElementMap map;
};

// Reads may begin and end within an element.
class MappedStream final : public ByteStream {
 public:
  MappedStream(const Mapping& mapping, std::uint64_t at)
      : mapping_(&mapping),
        next_(at / mapping.to_size),
        left_(static_cast<std::uint64_t>(mapping.value.element_count()) - next_),
        stream_(mapping.value.open(next_ * mapping.from_size)),
        skip_(static_cast<std::size_t>(at % mapping.to_size)) {}

  void read(std::span<std::byte> into) override {
    while (!into.empty()) {
      if (used_ == to_.size()) fill();
      const std::size_t now = std::min(into.size(), to_.size() - used_);
      std::memcpy(into.data(), to_.data() + used_, now);
      used_ += now;
      into = into.subspan(now);
    }
  }

 private:
  void fill() {
    const auto count = static_cast<std::size_t>(std::min(left_, kElementsAtOnce));
    from_.resize(count * mapping_->from_size);
    to_.resize(count * mapping_->to_size);
    stream_->read(from_);
    mapping_->map(next_, from_, to_);
    next_ += count;
    left_ -= count;
    used_ = std::exchange(skip_, 0);
  }

  const Mapping* mapping_;
  std::uint64_t next_, left_;  // elements
  std::unique_ptr<ByteStream> stream_;
  std::size_t skip_;
  std::vector<std::byte> from_, to_;
  std::size_t used_ = 0;
};

class MappedBody final : public ValueBody {
 public:
  explicit MappedBody(Mapping mapping) : mapping_(std::move(mapping)) {}
  bool seekable() const override { return mapping_.value.seekable(); }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    return std::make_unique<MappedStream>(mapping_, at);
  }

 private:
  Mapping mapping_;
};

}  // namespace

Value mapped_value(Value value, DType dtype, ElementMap map) {
  const Shape shape = value.shape();
  const std::size_t from_size = element_size(value.dtype());
  auto body =
      std::make_shared<MappedBody>(Mapping{std::move(value), from_size, element_size(dtype), std::move(map)});
  return Value(dtype, shape, std::move(body));
}

}  // namespace thaw::internal
