#include "checkpoint/ordered_code.h"

#include <rapidcheck/gtest.h>

#include "checkpoint/bundle_fixture.h"

namespace thaw::internal {
namespace {

TEST(OrderedCode, Integers) {
  const std::vector<std::pair<std::int64_t, std::string>> table = {
      {-65, "3f bf"},
      {-64, "40"},
      {-1, "7f"},
      {0, "80"},
      {1, "81"},
      {63, "bf"},
      {64, "c0 40"},
      {127, "c0 7f"},
      {128, "c0 80"},
      {1000, "c3 e8"},
      {8191, "df ff"},
      {8192, "e0 20 00"},
      {100000, "e1 86 a0"},
      {1048575, "ef ff ff"},
      {1048576, "f0 10 00 00"},
  };
  for (const auto& [value, hex] : table) {
    std::string out;
    append_ordered_integer(out, value);
    EXPECT_EQ(to_hex(out), hex) << value;
  }
}

TEST(OrderedCode, NumbersAndText) {
  const auto number = [](std::uint64_t value) {
    std::string out;
    append_ordered_number(out, value);
    return to_hex(out);
  };
  EXPECT_EQ(number(0), "00");
  EXPECT_EQ(number(1), "01 01");
  EXPECT_EQ(number(256), "02 01 00");
  EXPECT_EQ(number(UINT64_MAX), "08 ff ff ff ff ff ff ff ff");
  std::string text;
  append_ordered_text(text, from_hex("61 00 62 ff 63"));
  EXPECT_EQ(to_hex(text), "61 00 ff 62 ff 00 63 00 01");
}

TEST(OrderedCode, SliceKeys) {
  EXPECT_EQ(to_hex(slice_key("emb", {{0, 2}, {0, 2}})), "00 65 6d 62 00 01 01 02 80 82 80 82");
  EXPECT_EQ(to_hex(slice_key("emb", {{2, 2}, {0, 2}})), "00 65 6d 62 00 01 01 02 82 82 80 82");
  EXPECT_EQ(to_hex(slice_key("b", {{0, kWholeDimension}})), "00 62 00 01 01 01 80 7f");
  EXPECT_EQ(to_hex(slice_key("s", {})), "00 73 00 01 00");
}

// All 64-bit values, not only the small ones a generator likes.
std::int64_t spread(std::int64_t value, std::uint8_t shift) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << (shift % 64));
}

RC_GTEST_PROP(OrderedCode, IntegersSortAsTheyAre,
              (std::int64_t a, std::uint8_t a_shift, std::int64_t b, std::uint8_t b_shift)) {
  a = spread(a, a_shift);
  b = spread(b, b_shift);
  std::string first;
  std::string second;
  append_ordered_integer(first, a);
  append_ordered_integer(second, b);
  RC_ASSERT((a < b) == (first < second));
  RC_ASSERT((a == b) == (first == second));
}

RC_GTEST_PROP(OrderedCode, TextSortsAsItIs, (const std::string& a, const std::string& b)) {
  std::string first;
  std::string second;
  append_ordered_text(first, a);
  append_ordered_text(second, b);
  RC_ASSERT((a < b) == (first < second));
}

}  // namespace
}  // namespace thaw::internal
