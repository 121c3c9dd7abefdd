#include <cstring>

#include "thaw/error.h"
#include "thaw/source.h"

namespace thaw {

namespace {

class MemorySource final : public Source {
 public:
  MemorySource(std::string bytes, std::string name) : bytes_(std::move(bytes)), name_(std::move(name)) {}

  std::string name() const override { return name_; }
  std::uint64_t size() const override { return bytes_.size(); }

  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    if (at > bytes_.size() || into.size() > bytes_.size() - at) {
      throw Error(ErrorKind::input_io, "reading past the end", std::to_string(bytes_.size()) + " bytes")
          .at(name_);
    }
    std::memcpy(into.data(), bytes_.data() + at, into.size());
  }

 private:
  std::string bytes_;
  std::string name_;
};

}  // namespace

SourcePtr memory_source(std::string bytes, std::string name) {
  return std::make_shared<MemorySource>(std::move(bytes), std::move(name));
}

}  // namespace thaw
