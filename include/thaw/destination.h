// Destination: the only way files go out. A folder on disk or a map in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "thaw/source.h"

namespace thaw {

// A file being written. One thread. Without `close` the file's content is unspecified.
class OutputFile {
 public:
  virtual ~OutputFile() = default;
  virtual void append(Bytes bytes) = 0;  // throws output_io
  virtual void close(bool sync) = 0;     // `sync`: its bytes are on the medium when this returns
};

// Named files in folders. Paths are as the caller gives them; the empty folder is the current one. Every
// function throws output_io unless it says otherwise, and has then changed nothing.
class Destination {
 public:
  virtual ~Destination() = default;

  // Makes the folder and its parents; returns those that were missing, outermost first.
  virtual std::vector<std::filesystem::path> make_folders(const std::filesystem::path& folder) = 0;
  virtual void remove_empty_folder(const std::filesystem::path& folder) noexcept = 0;
  // Names of what lies directly in `folder`, unordered; none when there is no such folder.
  virtual std::vector<std::string> list(const std::filesystem::path& folder) const = 0;
  virtual bool exists(const std::filesystem::path& path) const = 0;
  // Whether what is at `path` is the file that `source` reads, under whatever name.
  virtual bool is_file_of(const std::filesystem::path& /*path*/, const Source& /*source*/) const {
    return false;
  }

  // A new file; one that exists is an error. `expected_size` in bytes, when known, lets the file system
  // reserve the space: too little of it is found here.
  virtual std::unique_ptr<OutputFile> create(const std::filesystem::path& path,
                                             std::uint64_t expected_size) = 0;
  virtual SourcePtr open(const std::filesystem::path& path) const = 0;  // throws input_io

  // Replaces `to`. Does nothing, as rename(2), when both are links to one file.
  virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  // What lies at the two paths changes places, at once. False: that cannot be done here, and nothing was.
  virtual bool exchange(const std::filesystem::path& /*a*/, const std::filesystem::path& /*b*/) {
    return false;
  }
  // False: there are no hard links here, and nothing was made.
  virtual bool hard_link(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  virtual void remove(const std::filesystem::path& path) = 0;  // absent is fine
  // What happened to names in `folder` is on the medium when this returns.
  virtual void sync_folder(const std::filesystem::path& folder) = 0;

  // Keeps other runs that ask the same out of `folder` until the last copy is gone; `stop` ends the wait
  // (throws interrupted). A destination that nobody shares, or one without locks, returns at once.
  virtual std::shared_ptr<void> hold(const std::filesystem::path& /*folder*/,
                                     const std::function<bool()>& /*stop*/) {
    return nullptr;
  }
  // Names this run in the names of temporary files: letters, digits and '-'.
  virtual std::string run_mark() const { return "0"; }
  // Whether the run of that mark still goes on. False lets its temporary files be removed.
  virtual bool run_alive(std::string_view /*mark*/) const { return false; }
};

std::shared_ptr<Destination> posix_destination();

// `base` with one more file, which is only read: whatever asks for `path` gets `source`. Lets everything that
// takes a path take bytes from elsewhere.
std::shared_ptr<Destination> destination_with(std::filesystem::path path, SourcePtr source,
                                              std::shared_ptr<Destination> base = posix_destination());

// Files in memory, for tests, dry runs and embedding. `files` is keyed by path. One thread.
class MemoryDestination : public Destination {
 public:
  std::vector<std::filesystem::path> make_folders(const std::filesystem::path&) override { return {}; }
  void remove_empty_folder(const std::filesystem::path&) noexcept override {}
  std::vector<std::string> list(const std::filesystem::path& folder) const override;
  bool exists(const std::filesystem::path& path) const override;
  std::unique_ptr<OutputFile> create(const std::filesystem::path& path, std::uint64_t expected_size) override;
  SourcePtr open(const std::filesystem::path& path) const override;
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  bool hard_link(const std::filesystem::path& from, const std::filesystem::path& to) override;
  void remove(const std::filesystem::path& path) override;
  void sync_folder(const std::filesystem::path&) override {}

  std::map<std::filesystem::path, std::string>& files() { return files_; }

 private:
  std::map<std::filesystem::path, std::string> files_;
};

}  // namespace thaw
