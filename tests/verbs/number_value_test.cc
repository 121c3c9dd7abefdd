#include "verbs/number_value.h"

#include <gtest/gtest.h>

namespace thaw::internal {
namespace {

TEST(NumberValue, IsTheNumberInEveryType) {
  EXPECT_EQ(number_value(DType::float16, Shape(), 1)->bytes(), std::string("\x00\x3c", 2));
  EXPECT_EQ(number_value(DType::float16, Shape(), 0.1)->bytes(), std::string("\x66\x2e", 2));
  EXPECT_EQ(number_value(DType::bfloat16, Shape(), 0.1)->bytes(), std::string("\xcd\x3d", 2));
  EXPECT_EQ(number_value(DType::int64, Shape(), 2)->bytes(), std::string("\x02\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(number_value(DType::boolean, Shape({2}), 0)->bytes(), std::string(2, '\0'));
  EXPECT_FALSE(number_value(DType::complex64, Shape(), 1));
  EXPECT_FALSE(number_value(DType::float32, Shape({-1}), 1));
}

}  // namespace
}  // namespace thaw::internal
