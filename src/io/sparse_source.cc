#include "io/sparse_source.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kPage = 4096;

bool is_zero(Bytes bytes) {
  return bytes.empty() ||
         (bytes[0] == '\0' && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

class SparseSource final : public Source {
 public:
  SparseSource(const Recipe& recipe, std::string name) : name_(std::move(name)) {
    recipe.pour([this](Bytes bytes) { take(bytes); });
    if (!open_.empty()) keep();
  }

  std::string name() const override { return name_; }
  std::uint64_t size() const override { return size_; }

  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    if (at > size_ || into.size() > size_ - at)
      throw Error(ErrorKind::input_io, "reading past the end").at(name_);
    while (!into.empty()) {
      const std::size_t skip = static_cast<std::size_t>(at % kPage);
      const std::size_t now = std::min(into.size(), kPage - skip);
      const auto page = pages_.find(at / kPage);
      if (page == pages_.end()) {
        std::memset(into.data(), 0, now);
      } else {
        std::memcpy(into.data(), page->second.data() + skip, now);
      }
      at += now;
      into = into.subspan(now);
    }
  }

 private:
  void take(Bytes bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
      const std::size_t now = std::min(bytes.size(), kPage - open_.size());
      open_.append(bytes.substr(0, now));
      bytes.remove_prefix(now);
      if (open_.size() == kPage) keep();
    }
  }

  void keep() {
    if (!is_zero(open_)) pages_.emplace(page_, open_);
    ++page_;
    open_.clear();
  }

  std::string name_;
  std::uint64_t size_ = 0;
  std::uint64_t page_ = 0;  // the number of the one that is being filled
  std::string open_;        // what is in it so far
  std::unordered_map<std::uint64_t, std::string> pages_;
};

}  // namespace

SourcePtr sparse_source(const Recipe& recipe, std::string name) {
  return std::make_shared<SparseSource>(recipe, std::move(name));
}

}  // namespace thaw::internal
