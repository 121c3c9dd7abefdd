// A disk in memory. One short tensor may rightly stand for terabytes: TensorProto repeats its last value;
// here is no room for them.
#pragma once

#include <memory>

#include "thaw/destination.h"
#include "thaw/error.h"

namespace thaw::internal {

class SmallDisk : public MemoryDestination {
 public:
  static constexpr std::uint64_t kRoom = 4u << 20;

  // `room`: bytes of one file.
  explicit SmallDisk(std::uint64_t room = kRoom) : room_(room) {}

  std::unique_ptr<OutputFile> create(const std::filesystem::path& path, std::uint64_t size) override {
    // The only kind that a target allows here is that of an input which asks too much.
    if (size > room_) throw Error(ErrorKind::unsupported, "full", "less", "less");
    return MemoryDestination::create(path, size);
  }

 private:
  std::uint64_t room_;
};

}  // namespace thaw::internal
