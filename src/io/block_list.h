// BlockList: a list that grows in blocks. Nothing moves when it grows, and less than one block lies idle,
// where a vector may need three times its contents for a moment.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

namespace thaw::internal {

template <typename T>
class BlockList {
  static_assert(std::is_trivially_default_constructible_v<T>);

 public:
  void push_back(const T& item) {
    if (size_ % kBlock == 0) blocks_.push_back(std::make_unique_for_overwrite<T[]>(kBlock));
    (*this)[size_++] = item;
  }
  T& operator[](std::size_t index) { return blocks_[index / kBlock][index % kBlock]; }
  const T& operator[](std::size_t index) const { return blocks_[index / kBlock][index % kBlock]; }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kBlock = 1024;

  std::vector<std::unique_ptr<T[]>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace thaw::internal
