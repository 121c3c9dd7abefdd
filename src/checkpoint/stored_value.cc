#include "checkpoint/stored_value.h"

#include "io/crc32c.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

struct Stored {
  SourcePtr source;
  Range range;
  std::uint32_t crc;
};

class StoredStream final : public ByteStream {
 public:
  StoredStream(const Stored& stored, std::uint64_t at) : stored_(&stored), at_(at), verifies_(at == 0) {}

  void read(std::span<std::byte> into) override {
    stored_->source->read_at(stored_->range.at + at_, into);
    at_ += into.size();
    if (!verifies_) return;
    crc_ = crc32c_extend(crc_, Bytes(reinterpret_cast<const char*>(into.data()), into.size()));
    if (at_ == stored_->range.size && crc_ != stored_->crc) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(ErrorKind::malformed,
                "the checksum of the " + std::to_string(stored_->range.size) + " bytes at byte " +
                    std::to_string(stored_->range.at) + " is wrong: stored " + std::to_string(stored_->crc) +
                    ", computed " + std::to_string(crc_),
                "equal checksums", "the data file is damaged, or it and the index are of different saves")
        .at(stored_->source->name());
  }

  const Stored* stored_;
  std::uint64_t at_;
  bool verifies_;
  std::uint32_t crc_ = 0;
};

class StoredBody final : public ValueBody {
 public:
  explicit StoredBody(Stored stored) : stored_(std::move(stored)) {}
  bool seekable() const override { return true; }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override {
    return std::make_unique<StoredStream>(stored_, at);
  }

 private:
  Stored stored_;
};

}  // namespace

void read_through(const Value& value) {
  if (value.dtype() == DType::string) {
    value.for_each_string([](Bytes) {});
  } else {
    value.pour([](Bytes) {});
  }
}

Value stored_value(DType dtype, Shape shape, SourcePtr source, Range range, std::uint32_t crc) {
  return Value(dtype, std::move(shape), std::make_shared<StoredBody>(Stored{std::move(source), range, crc}));
}

}  // namespace thaw::internal
