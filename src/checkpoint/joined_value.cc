#include "checkpoint/joined_value.h"

#include <algorithm>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

struct JoinedParts {
  std::vector<std::int64_t> dims;
  std::uint64_t element_size;
  std::vector<TensorPart> parts;
};

// A row-major walk over the whole is a row-major walk over each part, so each part has one stream that only
// goes on.
class JoinedStream final : public ByteStream {
 public:
  JoinedStream(const JoinedParts& joined, std::uint64_t at)
      : joined_(&joined), at_(at), streams_(joined.parts.size()), coordinates_(joined.dims.size()) {}

  void read(std::span<std::byte> into) override {
    while (!into.empty()) {
      const std::span<std::byte> now = into.first(std::min(into.size(), find_run()));
      streams_[part_]->read(now);
      at_ += now.size();
      into = into.subspan(now.size());
    }
  }

 private:
  // Moves to the part at `at_` and returns how many bytes from there on lie together in it and in the whole.
  std::size_t find_run();
  void find_part();
  bool in_part(const Slice& slice) const;
  std::uint64_t offset_in_part(const Slice& slice) const;

  const JoinedParts* joined_;
  std::uint64_t at_;
  std::vector<std::unique_ptr<ByteStream>> streams_;
  std::vector<std::int64_t> coordinates_;  // of the element at `at_`
  std::size_t part_ = 0;
};

bool JoinedStream::in_part(const Slice& slice) const {
  for (std::size_t i = 0; i < slice.size(); ++i) {
    const std::int64_t inside = coordinates_[i] - slice[i].start;
    if (inside < 0 || inside >= slice[i].length) return false;
  }
  return true;
}

// Tried first is the part behind the last one: where a tensor is cut along one axis, that is always it.
void JoinedStream::find_part() {
  const std::size_t count = joined_->parts.size();
  for (std::size_t tried = 0; tried < count; ++tried) {
    const std::size_t i = (part_ + 1 + tried) % count;
    if (!in_part(joined_->parts[i].slice)) continue;
    part_ = i;
    return;
  }
  throw Error(ErrorKind::bug, "a partitioned tensor was joined although its parts do not cover it");
}

std::uint64_t JoinedStream::offset_in_part(const Slice& slice) const {
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < slice.size(); ++i) {
    index = index * static_cast<std::uint64_t>(slice[i].length) +
            static_cast<std::uint64_t>(coordinates_[i] - slice[i].start);
  }
  return index * joined_->element_size + at_ % joined_->element_size;
}

std::size_t JoinedStream::find_run() {
  std::uint64_t rest = at_ / joined_->element_size;
  for (std::size_t i = coordinates_.size(); i-- > 0;) {
    const auto dim = static_cast<std::uint64_t>(joined_->dims[i]);
    coordinates_[i] = static_cast<std::int64_t>(rest % dim);
    rest /= dim;
  }
  find_part();
  const Slice& slice = joined_->parts[part_].slice;
  if (!streams_[part_]) streams_[part_] = joined_->parts[part_].value.open(offset_in_part(slice));
  // Behind the last axis that the part does not have whole, everything lies together.
  std::uint64_t inner = 1;
  std::uint64_t passed = 0;
  for (std::size_t i = slice.size(); i-- > 0;) {
    const std::uint64_t here = static_cast<std::uint64_t>(coordinates_[i] - slice[i].start);
    passed += here * inner;
    inner *= static_cast<std::uint64_t>(slice[i].length);
    if (slice[i].length != joined_->dims[i]) break;
  }
  return static_cast<std::size_t>((inner - passed) * joined_->element_size - at_ % joined_->element_size);
}

class JoinedBody final : public ValueBody {
 public:
  explicit JoinedBody(JoinedParts joined) : joined_(std::move(joined)) {}
  bool seekable() const override {
    return std::ranges::all_of(joined_.parts, [](const TensorPart& part) { return part.value.seekable(); });
  }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    return std::make_unique<JoinedStream>(joined_, at);
  }

 private:
  JoinedParts joined_;
};

}  // namespace

Value join_parts(DType dtype, Shape full, std::vector<TensorPart> parts) {
  auto body = std::make_shared<JoinedBody>(JoinedParts{full.dims(), element_size(dtype), std::move(parts)});
  return Value(dtype, std::move(full), std::move(body));
}

}  // namespace thaw::internal
