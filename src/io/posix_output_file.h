// A new file on disk, written from front to back.
#pragma once

#include <cstdint>
#include <filesystem>

#include "thaw/destination.h"

namespace thaw::internal {

// Writes through write(2) without a buffer of its own: callers hand over large pieces (256 KiB, aligned, is
// fastest). Space for `expected_size` bytes is reserved first, which also halves the time on ext4.
class PosixOutputFile : public OutputFile {
 public:
  // Fails when the path exists. Leaves no file behind when it throws.
  PosixOutputFile(std::filesystem::path path, std::uint64_t expected_size);
  ~PosixOutputFile() override;
  PosixOutputFile(const PosixOutputFile&) = delete;
  PosixOutputFile& operator=(const PosixOutputFile&) = delete;

  void append(Bytes bytes) override;
  void close(bool sync) override;

 private:
  void reserve(std::uint64_t size);

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t written_ = 0;
  std::uint64_t reserved_ = 0;
};

}  // namespace thaw::internal
