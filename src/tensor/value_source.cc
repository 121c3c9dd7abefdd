#include "tensor/value_source.h"

#include <mutex>
#include <utility>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

class ValueSource final : public Source {
 public:
  ValueSource(Value value, std::string name) : value_(std::move(value)), name_(std::move(name)) {}

  std::string name() const override { return name_; }
  std::uint64_t size() const override { return value_.byte_size(); }

  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    if (at > size() || into.size() > size() - at)
      throw Error(ErrorKind::input_io, "reading past the end").at(name_);
    if (into.empty()) return;
    const std::lock_guard lock(mutex_);
    if (!stream_ || at != at_) stream_ = value_.open(at);
    at_ = at;
    try {
      stream_->read(into);
    } catch (...) {
      stream_.reset();
      throw;
    }
    at_ += into.size();
  }

 private:
  Value value_;
  std::string name_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<ByteStream> stream_;
  mutable std::uint64_t at_ = 0;
};

}  // namespace

SourcePtr value_source(Value value, std::string name) {
  return std::make_shared<ValueSource>(std::move(value), std::move(name));
}

}  // namespace thaw::internal
