#include "io/window.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "support/hostile_bytes.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

std::string numbered(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>((i * 2654435761u) >> 13);
  return bytes;
}

TEST(Window, ShowsItsStretchOnly) {
  const SourcePtr source = memory_source("0123456789");
  Window window(*source, {2, 5});
  EXPECT_EQ(window.at(), 2u);
  EXPECT_EQ(window.end(), 7u);
  EXPECT_EQ(window.left(), 5u);
  EXPECT_EQ(window.peek(5), "23456");
  EXPECT_EQ(window.peek(1000), "23456");
  window.advance(3);
  EXPECT_EQ(window.peek(1), "56");
  window.seek(7);
  EXPECT_EQ(window.peek(1), "");
  EXPECT_EQ(window.left(), 0u);
  window.seek(2);
  char two[2];
  window.copy(2, two);
  EXPECT_EQ(Bytes(two, 2), "23");
}

TEST(Window, CountsFromItsBaseInMemory) {
  Window window(Bytes("abcdef"), 1000);
  EXPECT_EQ(window.at(), 1000u);
  EXPECT_EQ(window.end(), 1006u);
  window.seek(1004);
  EXPECT_EQ(window.peek(10), "ef");
  EXPECT_THAT([&] { window.seek(1007); }, throws_error(ErrorKind::bug, "past its end"));
}

TEST(Window, RefusesAStretchThatPassesTheEnd) {
  const SourcePtr source = memory_source("0123456789");
  for (const Range range :
       {Range{0, 11}, Range{11, 0}, Range{10, 1}, Range{UINT64_MAX, 2}, Range{5, UINT64_MAX}}) {
    EXPECT_THAT([&] { Window(*source, range); }, throws_error(ErrorKind::malformed, "passes the end"))
        << range.at;
  }
  EXPECT_EQ(Window(*source, {10, 0}).left(), 0u);
}

TEST(Window, RefusesToCopyMoreThanIsLeft) {
  const SourcePtr source = memory_source("0123456789");
  Window window(*source, {0, 4});
  std::string out(5, '?');
  EXPECT_THAT([&] { window.copy(5, out.data()); }, throws_error(ErrorKind::bug, "past its end"));
}

// Any moves over 300 kB, through a source and in memory, against the bytes themselves.
TEST(Window, ShowsTheSameWhateverWayItMoves) {
  const std::string whole = numbered(300 * 1000 + 7);
  const ExactBytes block{whole};
  const SourcePtr source = exact_source(whole);
  EXPECT_TRUE(
      rc::check([&](bool in_memory, const std::vector<std::pair<std::uint8_t, std::uint32_t>>& moves) {
        Window window = in_memory ? Window(block.bytes()) : Window(*source, {0, whole.size()});
        std::uint64_t at = 0;
        for (const auto& [kind, number] : moves) {
          const std::uint64_t left = whole.size() - at;
          if (kind % 4 == 0) {
            at = number % (whole.size() + 1);
            window.seek(at);
          } else if (kind % 4 == 1) {
            std::string out(std::min<std::uint64_t>(number % 150000, left), '?');
            window.copy(out.size(), out.data());
            RC_ASSERT(out == whole.substr(at, out.size()));
            at += out.size();
          } else {
            const std::size_t wanted = kind % 4 == 2 ? number % 16 : number % (Window::kBuffer + 1);
            const Bytes seen = window.peek(wanted);
            RC_ASSERT(seen.size() >= std::min<std::uint64_t>(wanted, left));
            RC_ASSERT(seen == Bytes(whole).substr(at, seen.size()));
            const std::size_t on = std::min(seen.size(), wanted);
            window.advance(on);
            at += on;
          }
          RC_ASSERT(window.at() == at);
          RC_ASSERT(window.left() == whole.size() - at);
        }
      }));
}

// Sizes above 2^32 exist and none of them may be cut to 32 bits.
class EndlessSource final : public Source {
 public:
  std::string name() const override { return "endless"; }
  std::uint64_t size() const override { return std::uint64_t{1} << 50; }
  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    for (std::byte& byte : into) byte = static_cast<std::byte>(at++ >> 32);
  }
};

TEST(Window, TakesPositionsAbove32Bits) {
  const EndlessSource source;
  Window window(source, {0, source.size()});
  const std::uint64_t far = (std::uint64_t{7} << 32) - 2;
  window.seek(far);
  EXPECT_EQ(window.at(), far);
  EXPECT_EQ(window.peek(4).substr(0, 4), Bytes("\6\6\7\7"));
  window.advance(4);
  EXPECT_EQ(window.at(), far + 4);
  window.seek(0);
  EXPECT_EQ(window.peek(1)[0], '\0');
}

}  // namespace
}  // namespace thaw::internal
