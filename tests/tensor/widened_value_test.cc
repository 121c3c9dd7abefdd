// Wider types: every half and bfloat16 there is.
#include "tensor/widened_value.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "tensor/element_number.h"

namespace thaw::internal {
namespace {

std::string all_patterns() {
  std::string bytes;
  for (int bits = 0; bits < 0x10000; ++bits) {
    bytes += static_cast<char>(bits);
    bytes += static_cast<char>(bits >> 8);
  }
  return bytes;
}

template <typename Wide>
void check_all(DType from, DType to) {
  const std::string stored = all_patterns();
  const Value value = widened_value(Value::from_bytes(from, Shape({256, 256}), stored), to);
  ASSERT_EQ(value.dtype(), to);
  ASSERT_EQ(value.shape(), Shape({256, 256}));
  const std::string bytes = value.bytes();
  for (std::size_t i = 0; i < 0x10000; ++i) {
    Wide wide;
    std::memcpy(&wide, bytes.data() + i * sizeof wide, sizeof wide);
    const long double number =
        number_of(from, reinterpret_cast<const std::byte*>(stored.data() + 2 * i)).real();
    if (std::isnan(number)) {
      ASSERT_TRUE(std::isnan(wide)) << i;
    } else {
      ASSERT_EQ(wide, static_cast<Wide>(number)) << i;
      ASSERT_EQ(std::signbit(wide), std::signbit(number)) << i;
    }
  }
}

TEST(WidenedValue, EveryNumberStaysWhatItIs) {
  check_all<float>(DType::float16, DType::float32);
  check_all<double>(DType::float16, DType::float64);
  check_all<float>(DType::bfloat16, DType::float32);
  check_all<double>(DType::bfloat16, DType::float64);
}

TEST(WidenedValue, NotANumberKeepsItsSignAndItsBits) {
  const Value value = widened_value(Value::from_bytes(DType::float16, Shape({1}), std::string("\x01\xFE", 2)),
                                    DType::float32);
  EXPECT_EQ(value.bytes(), std::string("\x00\x20\xC0\xFF", 4));
}

TEST(WidenedValue, OnlyWhatIsWider) {
  EXPECT_TRUE(can_widen(DType::float32, DType::float64));
  EXPECT_FALSE(can_widen(DType::float64, DType::float32));
  EXPECT_FALSE(can_widen(DType::float32, DType::float16));
  EXPECT_FALSE(can_widen(DType::float16, DType::bfloat16));
  EXPECT_FALSE(can_widen(DType::float32, DType::float32));
  EXPECT_FALSE(can_widen(DType::int32, DType::float64));
}

}  // namespace
}  // namespace thaw::internal
