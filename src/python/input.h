// Input: what a function is given to read: a path, or bytes that go by a name.
#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "thaw/destination.h"

namespace thaw::python {

class Input {
 public:
  // `source` may be null: the file at `path`.
  Input(std::filesystem::path path, SourcePtr source) : path_(std::move(path)), source_(std::move(source)) {}

  const std::filesystem::path& path() const { return path_; }
  bool is_path() const { return source_ == nullptr; }
  SourcePtr source() const;
  // Where `path()` is found.
  std::shared_ptr<Destination> files() const;

 private:
  std::filesystem::path path_;
  SourcePtr source_;
};

}  // namespace thaw::python
