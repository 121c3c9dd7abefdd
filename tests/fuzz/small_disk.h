// A disk in memory. One short tensor may rightly stand for terabytes: TensorProto repeats its last value;
// here is no room for them.
#pragma once

#include <memory>

#include "thaw/destination.h"
#include "thaw/error.h"

namespace thaw::internal {

class SmallDisk : public MemoryDestination {
 public:
  static constexpr std::uint64_t kRoom = 4u << 20;  // bytes of one file

  std::unique_ptr<OutputFile> create(const std::filesystem::path& path, std::uint64_t size) override {
    // The only kind that a target allows here is that of an input which asks too much.
    if (size > kRoom) throw Error(ErrorKind::unsupported, "full", "less", "less");
    return MemoryDestination::create(path, size);
  }
};

}  // namespace thaw::internal
