// A destination in which the n-th operation fails, or in which the process dies at the n-th that changes
// something.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "thaw/destination.h"
#include "thaw/error.h"

namespace thaw::internal {

// Thrown where a process would have been killed: from then on nothing it does has an effect.
struct Death : std::runtime_error {
  Death() : std::runtime_error("killed") {}
};

enum class Fault { none, error, errors_from_then_on, death };

class FaultDestination : public Destination {
 public:
  FaultDestination(std::shared_ptr<Destination> inner, Fault fault, int at, bool links = true,
                   bool swaps = true)
      : inner_(std::move(inner)),
        fault_(fault),
        at_(at),
        links_(links),
        swaps_(swaps),
        mark_("run" + std::to_string(next_++)) {}

  // How many operations there were.
  int count() const { return count_; }
  bool struck() const { return count_ > at_ && fault_ != Fault::none; }

  std::vector<std::filesystem::path> make_folders(const std::filesystem::path& folder) override {
    step();
    return inner_->make_folders(folder);
  }
  void remove_empty_folder(const std::filesystem::path& folder) noexcept override {
    if (!dead()) inner_->remove_empty_folder(folder);
  }
  std::vector<std::string> list(const std::filesystem::path& folder) const override {
    look();
    return inner_->list(folder);
  }
  bool exists(const std::filesystem::path& path) const override {
    look();
    return inner_->exists(path);
  }
  std::unique_ptr<OutputFile> create(const std::filesystem::path& path, std::uint64_t size) override {
    step();
    return std::make_unique<File>(*this, inner_->create(path, size));
  }
  SourcePtr open(const std::filesystem::path& path) const override {
    look();
    return inner_->open(path);
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    step();
    inner_->rename(from, to);
  }
  bool hard_link(const std::filesystem::path& from, const std::filesystem::path& to) override {
    step();
    return links_ && inner_->hard_link(from, to);
  }
  bool exchange(const std::filesystem::path& a, const std::filesystem::path& b) override {
    step();
    return swaps_ && inner_->exchange(a, b);
  }
  void remove(const std::filesystem::path& path) override {
    step();
    inner_->remove(path);
  }
  void sync_folder(const std::filesystem::path& folder) override {
    step();
    inner_->sync_folder(folder);
  }
  std::shared_ptr<void> hold(const std::filesystem::path& folder,
                             const std::function<bool()>& stop) override {
    return inner_->hold(folder, stop);
  }
  std::string run_mark() const override { return mark_; }
  bool run_alive(std::string_view mark) const override { return mark == mark_; }

 private:
  class File : public OutputFile {
   public:
    File(FaultDestination& owner, std::unique_ptr<OutputFile> file) : owner_(owner), file_(std::move(file)) {}
    // Half of the bytes arrive when it is struck.
    void append(Bytes bytes) override {
      if (owner_.strikes_next()) file_->append(bytes.substr(0, bytes.size() / 2));
      owner_.step();
      file_->append(bytes);
    }
    void close(bool sync) override {
      owner_.step();
      file_->close(sync);
    }

   private:
    FaultDestination& owner_;
    std::unique_ptr<OutputFile> file_;
  };

  bool strikes_next() const { return fault_ != Fault::none && count_ == at_; }
  bool dead() const { return fault_ == Fault::death && count_ > at_; }

  // To die before a look is to die before the next change: only failures are tried at both.
  void look() const {
    if (dead()) throw Death();
    if (fault_ != Fault::death) step();
  }
  void step() const {
    if (dead()) throw Death();
    const int now = count_++;
    const bool strikes = now == at_ || (now > at_ && fault_ == Fault::errors_from_then_on);
    if (fault_ == Fault::none || !strikes) return;
    if (fault_ == Fault::death) throw Death();
    throw Error(ErrorKind::output_io, "operation " + std::to_string(now) + " failed", "that it works",
                "try again");
  }

  static inline int next_ = 0;
  std::shared_ptr<Destination> inner_;
  Fault fault_;
  int at_;
  bool links_, swaps_;
  std::string mark_;
  mutable int count_ = 0;
};

}  // namespace thaw::internal
