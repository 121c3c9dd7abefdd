// Source: the only way bytes come in. A file, a buffer in memory, or whatever the caller wraps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace thaw {

// Bytes borrowed from somewhere else; the owner is named where one is returned.
using Bytes = std::string_view;

// A stretch of a Source, in bytes. Made only after it was checked against the end.
struct Range {
  std::uint64_t at = 0;
  std::uint64_t size = 0;
  bool operator==(const Range&) const = default;
};

// Random access to a fixed number of bytes. `read_at` is const and may be called from several threads when
// `concurrent()` says so.
class Source {
 public:
  virtual ~Source() = default;

  // What errors call it: a path, or a word such as "memory".
  virtual std::string name() const = 0;
  // Where a file is; empty for everything else.
  virtual std::filesystem::path path() const { return {}; }
  virtual std::uint64_t size() const = 0;
  virtual bool concurrent() const { return true; }

  // Fills `into` from offset `at`. Throws input_io when that reaches past the end or the medium fails.
  virtual void read_at(std::uint64_t at, std::span<std::byte> into) const = 0;

  // Throws input_io when the bytes behind this source were replaced since it was opened. Called once, after
  // the last read.
  virtual void check_unchanged() const {}
};

using SourcePtr = std::shared_ptr<const Source>;

// A regular file. Throws input_io when it is missing, unreadable or not a regular file.
SourcePtr open_file(const std::filesystem::path& path);

// Bytes in memory, owned by the source.
SourcePtr memory_source(std::string bytes, std::string name = "memory");

}  // namespace thaw
