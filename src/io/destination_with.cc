#include <utility>

#include "thaw/destination.h"

namespace thaw {

namespace {

class OneMore final : public Destination {
 public:
  OneMore(std::filesystem::path path, SourcePtr source, std::shared_ptr<Destination> base)
      : path_(std::move(path)), source_(std::move(source)), base_(std::move(base)) {}

  std::vector<std::string> list(const std::filesystem::path& folder) const override {
    if (folder == path_) return {};
    return base_->list(folder);
  }
  bool exists(const std::filesystem::path& path) const override {
    return path == path_ || base_->exists(path);
  }
  SourcePtr open(const std::filesystem::path& path) const override {
    return path == path_ ? source_ : base_->open(path);
  }
  bool is_file_of(const std::filesystem::path& path, const Source& source) const override {
    return base_->is_file_of(path, source);
  }

  std::vector<std::filesystem::path> make_folders(const std::filesystem::path& folder) override {
    return base_->make_folders(folder);
  }
  void remove_empty_folder(const std::filesystem::path& folder) noexcept override {
    base_->remove_empty_folder(folder);
  }
  std::unique_ptr<OutputFile> create(const std::filesystem::path& path,
                                     std::uint64_t expected_size) override {
    return base_->create(path, expected_size);
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    base_->rename(from, to);
  }
  bool exchange(const std::filesystem::path& a, const std::filesystem::path& b) override {
    return base_->exchange(a, b);
  }
  bool hard_link(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return base_->hard_link(from, to);
  }
  void remove(const std::filesystem::path& path) override { base_->remove(path); }
  void sync_folder(const std::filesystem::path& folder) override { base_->sync_folder(folder); }
  std::shared_ptr<void> hold(const std::filesystem::path& folder,
                             const std::function<bool()>& stop) override {
    return base_->hold(folder, stop);
  }
  std::string run_mark() const override { return base_->run_mark(); }
  bool run_alive(std::string_view mark) const override { return base_->run_alive(mark); }

 private:
  std::filesystem::path path_;
  SourcePtr source_;
  std::shared_ptr<Destination> base_;
};

}  // namespace

std::shared_ptr<Destination> destination_with(std::filesystem::path path, SourcePtr source,
                                              std::shared_ptr<Destination> base) {
  return std::make_shared<OneMore>(std::move(path), std::move(source), std::move(base));
}

}  // namespace thaw
