// Arena: memory that only grows, given back all at once. What it hands out stays where it is.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

class Arena {
 public:
  // A copy of `bytes` that lives as long as the arena.
  Bytes keep(Bytes bytes) {
    if (bytes.empty()) return {};
    char* place = reserve(bytes.size());
    std::memcpy(place, bytes.data(), bytes.size());
    return {place, bytes.size()};
  }

  // The same at an address that `alignment` (a power of two) divides.
  Bytes keep_aligned(Bytes bytes, std::size_t alignment) {
    const auto at = reinterpret_cast<std::uintptr_t>(reserve(bytes.size() + alignment - 1));
    char* place = reinterpret_cast<char*>((at + alignment - 1) & ~(alignment - 1));
    if (!bytes.empty()) std::memcpy(place, bytes.data(), bytes.size());
    return {place, bytes.size()};
  }

  std::size_t bytes_used() const { return used_; }

 private:
  static constexpr std::size_t kBlock = 64 * 1024;

  char* reserve(std::size_t size) {
    used_ += size;
    if (size > kBlock / 4) {
      large_.push_back(std::make_unique_for_overwrite<char[]>(size));
      return large_.back().get();
    }
    if (left_ < size) {
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
      left_ = kBlock;
    }
    char* place = blocks_.back().get() + (kBlock - left_);
    left_ -= size;
    return place;
  }

  std::vector<std::unique_ptr<char[]>> large_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t left_ = 0;
  std::size_t used_ = 0;
};

}  // namespace thaw::internal
