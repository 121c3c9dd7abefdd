#include <algorithm>
#include <cstring>

#include "thaw/error.h"
#include "thaw/tensor.h"

namespace thaw {

namespace {

class RangeStream final : public ByteStream {
 public:
  RangeStream(SourcePtr source, std::uint64_t at) : source_(std::move(source)), at_(at) {}
  void read(std::span<std::byte> into) override {
    source_->read_at(at_, into);
    at_ += into.size();
  }

 private:
  SourcePtr source_;
  std::uint64_t at_;
};

class RangeBody final : public ValueBody {
 public:
  RangeBody(SourcePtr source, Range range) : source_(std::move(source)), range_(range) {}
  bool seekable() const override { return true; }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    return std::make_unique<RangeStream>(source_, range_.at + at);
  }
  std::optional<BytesPlace> place() const override { return BytesPlace{source_, range_}; }

 private:
  SourcePtr source_;
  Range range_;
};

class FillStream final : public ByteStream {
 public:
  FillStream(const std::string& element, std::uint64_t at)
      : element_(&element), phase_(at % element.size()) {}
  void read(std::span<std::byte> into) override {
    for (std::byte& byte : into) {
      byte = static_cast<std::byte>((*element_)[phase_]);
      if (++phase_ == element_->size()) phase_ = 0;
    }
  }

 private:
  const std::string* element_;
  std::size_t phase_;
};

class FillBody final : public ValueBody {
 public:
  explicit FillBody(std::string element) : element_(std::move(element)) {}
  bool seekable() const override { return true; }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    return std::make_unique<FillStream>(element_, at);
  }

 private:
  std::string element_;
};

class StringsBody final : public ValueBody {
 public:
  explicit StringsBody(std::vector<std::string> elements) : elements_(std::move(elements)) {}
  bool seekable() const override { return false; }
  std::unique_ptr<ByteStream> open(std::uint64_t) const override {
    throw Error(ErrorKind::bug, "a string tensor was read as bytes");
  }
  void for_each_string(const std::function<void(Bytes)>& sink) const override {
    for (const std::string& element : elements_) sink(element);
  }

 private:
  std::vector<std::string> elements_;
};

}  // namespace

void ValueBody::for_each_string(const std::function<void(Bytes)>&) const {
  throw Error(ErrorKind::bug, "a tensor of numbers was read as strings");
}

Value::Value(DType dtype, Shape shape, std::shared_ptr<const ValueBody> body)
    : dtype_(dtype), shape_(std::move(shape)), body_(std::move(body)) {
  const std::optional<std::int64_t> count = shape_.element_count();
  std::int64_t size = 0;
  const auto element = static_cast<std::int64_t>(std::max<std::size_t>(element_size(dtype), 1));
  if (!count || __builtin_mul_overflow(*count, element, &size)) {
    throw Error(ErrorKind::malformed, "a tensor of shape " + shape_.to_string(),
                "known dimensions and fewer than 2^63 bytes");
  }
  count_ = *count;
}

Value Value::from_bytes(DType dtype, Shape shape, std::string canonical) {
  const std::uint64_t size = canonical.size();
  Value value = from_range(dtype, std::move(shape), memory_source(std::move(canonical)), {0, size});
  if (value.byte_size() != size) throw Error(ErrorKind::bug, "a value's bytes do not fit its shape");
  return value;
}

Value Value::from_range(DType dtype, Shape shape, SourcePtr source, Range canonical) {
  return Value(dtype, std::move(shape), std::make_shared<RangeBody>(std::move(source), canonical));
}

Value Value::fill(DType dtype, Shape shape, std::string element) {
  if (element.empty() || element.size() != element_size(dtype))
    throw Error(ErrorKind::bug, "a fill of the wrong width");
  return Value(dtype, std::move(shape), std::make_shared<FillBody>(std::move(element)));
}

Value Value::from_strings(Shape shape, std::vector<std::string> elements) {
  const std::size_t held = elements.size();
  Value value(DType::string, std::move(shape), std::make_shared<StringsBody>(std::move(elements)));
  if (static_cast<std::size_t>(value.element_count()) != held)
    throw Error(ErrorKind::bug, "strings do not fit their shape");
  return value;
}

void Value::pour(const std::function<void(Bytes)>& sink) const {
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(byte_size(), 64 * 1024)));
  const std::unique_ptr<ByteStream> stream = byte_size() == 0 ? nullptr : open();
  for (std::uint64_t left = byte_size(); left > 0;) {
    const std::span<std::byte> now =
        std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size())));
    stream->read(now);
    sink(Bytes(reinterpret_cast<const char*>(now.data()), now.size()));
    left -= now.size();
  }
}

std::string Value::bytes() const {
  if (byte_size() > 16u << 20) throw Error(ErrorKind::bug, "a large value was asked for at once");
  std::string all;
  all.reserve(static_cast<std::size_t>(byte_size()));
  pour([&](Bytes bytes) { all.append(bytes); });
  return all;
}

}  // namespace thaw
