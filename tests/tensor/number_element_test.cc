#include "tensor/number_element.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tensor/element_number.h"

namespace thaw::internal {
namespace {

constexpr DType kNumbers[] = {DType::float16, DType::bfloat16, DType::float32,
                              DType::float64, DType::int32,    DType::int64};

long double read(DType dtype, const std::string& element) {
  return number_of(dtype, reinterpret_cast<const std::byte*>(element.data())).real();
}

TEST(NumberElement, IsTheNumber) {
  for (const DType dtype : kNumbers) {
    for (const double number : {0.0, 1.0, -1.0, 2.0, -96.0, 128.0}) {
      const auto element = number_element(dtype, number);
      ASSERT_TRUE(element.has_value()) << name_of(dtype) << " " << number;
      EXPECT_EQ(read(dtype, *element), number) << name_of(dtype);
    }
  }
}

TEST(NumberElement, IsRounded) {
  EXPECT_EQ(read(DType::int32, number_element(DType::int32, 2.75).value()), 3);
  EXPECT_EQ(read(DType::int64, number_element(DType::int64, -2.75).value()), -3);
  EXPECT_EQ(read(DType::float16, number_element(DType::float16, 2049).value()), 2048);
  EXPECT_EQ(read(DType::bfloat16, number_element(DType::bfloat16, 0.999).value()), 1);
}

TEST(NumberElement, IsNothingWhereTheTypeEnds) {
  const double inf = std::numeric_limits<double>::infinity();
  for (const double number : {2147483648.0, -2147483649.0, 3e9, inf, -inf, std::nan("")})
    EXPECT_FALSE(number_element(DType::int32, number)) << number;
  for (const double number : {0x1p63, -0x1.0000000000001p63, 1e300, inf, -inf, std::nan("")})
    EXPECT_FALSE(number_element(DType::int64, number)) << number;
  EXPECT_EQ(read(DType::int32, number_element(DType::int32, -2147483648.0).value()), -2147483648.0L);
  EXPECT_EQ(read(DType::int64, number_element(DType::int64, -0x1p63).value()), -0x1p63L);
  EXPECT_FALSE(number_element(DType::string, 1));
}

TEST(IntegerElement, IsNeverRounded) {
  struct Edge {
    DType dtype;
    std::int64_t last, beyond;
  };
  for (const auto& [dtype, last, beyond] :
       {Edge{DType::float16, 2048, 2049}, Edge{DType::bfloat16, 256, 257},
        Edge{DType::float32, 1 << 24, (1 << 24) + 1}, Edge{DType::float64, 1LL << 53, (1LL << 53) + 1},
        Edge{DType::int32, 2147483647, 2147483648LL}, Edge{DType::int32, -2147483648LL, -2147483649LL}}) {
    const auto element = integer_element(dtype, last);
    ASSERT_TRUE(element.has_value()) << name_of(dtype);
    EXPECT_EQ(read(dtype, *element), static_cast<long double>(last));
    EXPECT_FALSE(integer_element(dtype, beyond)) << name_of(dtype);
  }
  for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{9007199254740993},
                                    std::numeric_limits<std::int64_t>::max()})
    EXPECT_EQ(read(DType::int64, integer_element(DType::int64, number).value()),
              static_cast<long double>(number));
  EXPECT_FALSE(integer_element(DType::float64, std::numeric_limits<std::int64_t>::min()));
  EXPECT_FALSE(integer_element(DType::string, 1));
}

}  // namespace
}  // namespace thaw::internal
