#include "tensor/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace thaw::internal {
namespace {

template <typename Number>
Value value_of(DType dtype, const std::vector<Number>& numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return Value::from_bytes(dtype, Shape({static_cast<std::int64_t>(numbers.size())}), bytes);
}

TensorStatistics take(const Value& value) { return take_statistics(value, {}); }

TEST(Statistics, CountOddNumbersApart) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const TensorStatistics found = take(value_of<float>(DType::float32, {0, -0.F, nan, 3, inf, -inf, -1}));
  EXPECT_EQ(found.numbers, 7u);
  EXPECT_EQ(found.zeros, 2u);
  EXPECT_EQ(found.nans, 1u);
  EXPECT_EQ(found.infinities, 2u);
  EXPECT_EQ(found.min, -1);
  EXPECT_EQ(found.max, 3);
  EXPECT_EQ(found.mean, 0.5);
  EXPECT_DOUBLE_EQ(*found.deviation, 1.5);
}

TEST(Statistics, HaveNoFiguresWithoutFiniteNumbers) {
  for (const Value& value : {value_of<float>(DType::float32, {}),
                             value_of<double>(DType::float64, {std::numeric_limits<double>::quiet_NaN()})}) {
    const TensorStatistics found = take(value);
    EXPECT_EQ(found.numbers, static_cast<std::uint64_t>(value.element_count()));
    EXPECT_FALSE(found.min || found.max || found.mean || found.deviation);
  }
}

TEST(Statistics, ReadEveryTypeOfNumbers) {
  const auto range = [](const Value& value) {
    const TensorStatistics found = take(value);
    return std::pair(*found.min, *found.max);
  };
  EXPECT_EQ(range(value_of<std::int8_t>(DType::int8, {-128, 127})), std::pair(-128., 127.));
  EXPECT_EQ(range(value_of<std::uint8_t>(DType::quint8, {0, 255})), std::pair(0., 255.));
  EXPECT_EQ(range(value_of<std::uint8_t>(DType::boolean, {0, 1})), std::pair(0., 1.));
  EXPECT_EQ(range(value_of<std::int16_t>(DType::int16, {-32768, 1})), std::pair(-32768., 1.));
  EXPECT_EQ(range(value_of<std::uint16_t>(DType::uint16, {1, 65535})), std::pair(1., 65535.));
  EXPECT_EQ(range(value_of<std::int32_t>(DType::qint32, {-7, 7})), std::pair(-7., 7.));
  EXPECT_EQ(range(value_of<std::uint32_t>(DType::uint32, {0, 4294967295})), std::pair(0., 4294967295.));
  EXPECT_EQ(range(value_of<std::int64_t>(DType::int64, {-1, 1})), std::pair(-1., 1.));
  EXPECT_EQ(range(value_of<std::uint64_t>(DType::uint64, {2, 3})), std::pair(2., 3.));
  EXPECT_EQ(range(value_of<double>(DType::float64, {-0.25, 0.5})), std::pair(-0.25, 0.5));
  EXPECT_EQ(range(value_of<std::uint16_t>(DType::bfloat16, {0xBF80, 0x4000})), std::pair(-1., 2.));
  EXPECT_EQ(range(value_of<std::uint16_t>(DType::float16, {0xBC00, 0x7BFF})), std::pair(-1., 65504.));
  EXPECT_EQ(range(value_of<std::uint16_t>(DType::float16, {0x0001, 0x0400})),
            std::pair(std::ldexp(1., -24), std::ldexp(1., -14)));
}

TEST(Statistics, TellHalfsThatAreNoNumbers) {
  const TensorStatistics found =
      take(value_of<std::uint16_t>(DType::float16, {0x7C00, 0xFC00, 0x7E00, 0x8000}));
  EXPECT_EQ(found.infinities, 2u);
  EXPECT_EQ(found.nans, 1u);
  EXPECT_EQ(found.zeros, 1u);
}

TEST(Statistics, AreOfNumbersThatCanBeOrdered) {
  for (const DType dtype :
       {DType::string, DType::resource, DType::variant, DType::complex64, DType::complex128})
    EXPECT_FALSE(has_statistics(dtype));
  for (const DType dtype : {DType::float32, DType::bfloat16, DType::boolean, DType::qint8})
    EXPECT_TRUE(has_statistics(dtype));
}

// More than one chunk, far from zero, where sums of squares lose every digit.
TEST(Statistics, JoinChunksWithoutLoss) {
  std::vector<double> numbers;
  for (int i = 0; i < 30000; ++i) numbers.push_back(1e9 + (i % 2 == 0 ? 0.5 : -0.5));
  std::uint64_t told = 0;
  const TensorStatistics found =
      take_statistics(value_of(DType::float64, numbers), [&](std::uint64_t bytes) { told += bytes; });
  EXPECT_EQ(told, numbers.size() * sizeof(double));
  EXPECT_NEAR(*found.mean, 1e9, 1e-5);
  EXPECT_NEAR(*found.deviation, 0.5, 1e-9);
}

}  // namespace
}  // namespace thaw::internal
