#include "io/read_back.h"

#include <utility>

#include "io/blame.h"

namespace thaw::internal {

namespace {

class ReadBack final : public Source {
 public:
  explicit ReadBack(SourcePtr source) : source_(std::move(source)) {}

  std::string name() const override { return source_->name(); }
  std::filesystem::path path() const override { return source_->path(); }
  std::uint64_t size() const override { return source_->size(); }
  bool concurrent() const override { return source_->concurrent(); }
  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    blaming(ErrorKind::output_io, [&] { source_->read_at(at, into); });
  }
  void check_unchanged() const override {
    blaming(ErrorKind::output_io, [&] { source_->check_unchanged(); });
  }

 private:
  SourcePtr source_;
};

}  // namespace

SourcePtr read_back(const Destination& destination, const std::filesystem::path& path) {
  return std::make_shared<ReadBack>(blaming(ErrorKind::output_io, [&] { return destination.open(path); }));
}

}  // namespace thaw::internal
