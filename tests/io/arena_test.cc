#include "io/arena.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace thaw::internal {
namespace {

TEST(Arena, KeepsEveryCopyWhereItIs) {
  Arena arena;
  std::vector<std::string> given;
  std::vector<Bytes> kept;
  std::size_t total = 0;
  // Sizes on both sides of a block and of what gets memory of its own.
  for (std::size_t size : {0u, 1u, 5u, 16383u, 16384u, 16385u, 65535u, 65536u, 65537u, 200000u}) {
    for (int repeat = 0; repeat < 5; ++repeat) {
      given.emplace_back(size, static_cast<char>('a' + given.size() % 26));
      std::string passing = given.back();
      kept.push_back(arena.keep(passing));
      passing.assign(passing.size(), '!');
      total += size;
    }
  }
  for (std::size_t i = 0; i < given.size(); ++i) EXPECT_TRUE(kept[i] == given[i]) << i;
  EXPECT_EQ(arena.bytes_used(), total);
}

TEST(Arena, LetsItsCopiesOutliveAMove) {
  Arena first;
  const Bytes kept = first.keep("abc");
  const Arena second = std::move(first);
  EXPECT_EQ(kept, "abc");
  EXPECT_EQ(second.bytes_used(), 3u);
}

}  // namespace
}  // namespace thaw::internal
