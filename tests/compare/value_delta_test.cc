#include "compare/value_delta.h"

#include <gtest/gtest.h>

#include <cstring>

#include "support/throws_error.h"
#include "tensor/tensor_proto.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

template <typename Number>
Value value_of(DType dtype, const std::vector<Number>& numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  const auto count = static_cast<std::int64_t>(bytes.size() / element_size(dtype));
  return Value::from_bytes(dtype, Shape({count}), std::move(bytes));
}

Value floats(const std::vector<std::uint32_t>& bits) { return value_of(DType::float32, bits); }

constexpr std::uint32_t kOne = 0x3F800000, kTwo = 0x40000000, kNaN = 0x7FC00000, kOtherNaN = 0xFFC00001,
                        kInfinity = 0x7F800000, kMinusZero = 0x80000000;

struct Case {
  const char* what;
  std::vector<std::uint32_t> a, b;
  std::optional<double> tolerance;
  std::uint64_t changed, within, not_finite;
  std::optional<double> largest, relative;
};

class Floats : public testing::TestWithParam<Case> {};

TEST_P(Floats, AreCompared) {
  const Case& test = GetParam();
  const ValueDelta delta = compare_elements(floats(test.a), floats(test.b), {test.tolerance, {}});
  EXPECT_EQ(delta.elements, test.a.size());
  EXPECT_EQ(delta.changed, test.changed);
  EXPECT_EQ(delta.within, test.within);
  EXPECT_EQ(delta.not_finite, test.not_finite);
  EXPECT_EQ(delta.largest, test.largest);
  EXPECT_EQ(delta.relative, test.relative);
}

INSTANTIATE_TEST_SUITE_P(
    Bits, Floats,
    testing::Values(Case{"Equal", {kOne, kNaN, kInfinity}, {kOne, kNaN, kInfinity}, {}, 0, 0, 0, {}, {}},
                    Case{"EqualNaNWithTolerance", {kNaN}, {kNaN}, 1.0, 0, 0, 0, {}, {}},
                    Case{"OtherNaN", {kNaN, kOne}, {kOtherNaN, kOne}, {}, 1, 0, 1, {}, {}},
                    Case{"OtherNaNWithTolerance", {kNaN}, {kOtherNaN}, 1e9, 1, 0, 1, {}, {}},
                    Case{"InfiniteWithTolerance", {kInfinity}, {kOne}, 1e9, 1, 0, 1, {}, {}},
                    Case{"MinusZero", {0, kOne}, {kMinusZero, kOne}, {}, 1, 0, 0, 0.0, 0.0},
                    Case{"MinusZeroWithTolerance", {0}, {kMinusZero}, 0.0, 0, 1, 0, {}, {}},
                    Case{"AtTheTolerance", {kOne}, {kTwo}, 1.0, 0, 1, 0, {}, {}},
                    Case{"BeyondTheTolerance", {kOne}, {kTwo}, 0.999, 1, 0, 0, 1.0, 1.0},
                    Case{"ToTheLargest", {kOne, kTwo}, {kTwo, kTwo}, {}, 1, 0, 0, 1.0, 0.5},
                    Case{"FromZero", {0}, {kOne}, {}, 1, 0, 0, 1.0, {}}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(CompareElements, IntegersOfAllSizesAreExact) {
  const std::int64_t large = 0x4000000000000001;
  const auto longs = compare_elements(value_of<std::int64_t>(DType::int64, {large}),
                                      value_of<std::int64_t>(DType::int64, {large - 1}), {0.5, {}});
  EXPECT_EQ(longs.largest, 1.0);
  const auto bytes = compare_elements(value_of<std::uint8_t>(DType::int8, {0x80}),
                                      value_of<std::uint8_t>(DType::int8, {0x7F}));
  EXPECT_EQ(bytes.largest, 255.0);
}

TEST(CompareElements, ComplexNumbersByTheirDistance) {
  const auto delta = compare_elements(value_of<float>(DType::complex64, {0, 0, 1, 1}),
                                      value_of<float>(DType::complex64, {3, 4, 1, 1}));
  EXPECT_EQ(delta.elements, 2u);
  EXPECT_EQ(delta.changed, 1u);
  EXPECT_EQ(delta.largest, 5.0);
}

TEST(CompareElements, TypesWithoutNumbersByTheirBits) {
  const auto delta = compare_elements(value_of<std::uint8_t>(DType::float8_e4m3fnuz, {1, 2}),
                                      value_of<std::uint8_t>(DType::float8_e4m3fnuz, {1, 3}), {1e9, {}});
  EXPECT_EQ(delta.changed, 1u);
  EXPECT_FALSE(delta.largest);
}

TEST(CompareElements, Strings) {
  const auto strings = [](std::vector<std::string> texts) {
    const auto count = static_cast<std::int64_t>(texts.size());
    return Value::from_strings(Shape({count}), std::move(texts));
  };
  EXPECT_EQ(compare_elements(strings({"a", "a", "b"}), strings({"a", "a", "b"})).changed, 0u);
  EXPECT_EQ(compare_elements(strings({"a", "a", "b"}), strings({"a", "b", "b"})).changed, 1u);
  EXPECT_EQ(compare_elements(strings({"a", "b", "c"}), strings({"b", "c", "a"})).changed, 3u);
}

TEST(CompareElements, DifferencesInEveryPlaceOfALongTensor) {
  const std::size_t count = 100000;  // several chunks
  const std::vector<float> same(count, 0.5F);
  for (const std::size_t at : {std::size_t{0}, std::size_t{16383}, std::size_t{16384}, count - 1}) {
    std::vector<float> other = same;
    other[at] = 0.75F;
    const auto delta = compare_elements(value_of(DType::float32, same), value_of(DType::float32, other));
    EXPECT_EQ(delta.changed, 1u) << at;
    EXPECT_EQ(delta.largest, 0.25) << at;
  }
}

// A few bytes may stand for more elements than there is time to look at.
TEST(CompareElements, RepeatedElementsAreNotRead) {
  const std::int64_t huge = std::int64_t{1} << 50;
  const auto fill = [&](float number) {
    return Value::fill(DType::float32, Shape({huge}), std::string(reinterpret_cast<char*>(&number), 4));
  };
  ElementWishes wishes;
  wishes.repeated_from = 10;
  const ValueDelta delta = compare_elements(fill(1), fill(3), wishes);
  EXPECT_EQ(delta.changed, static_cast<std::uint64_t>(huge));
  EXPECT_EQ(delta.largest, 2.0);
  EXPECT_EQ(delta.relative, 2.0);
  EXPECT_EQ(compare_elements(fill(1), fill(1), wishes).changed, 0u);
}

TEST(CompareElements, StopsWhenAsked) {
  ElementWishes wishes;
  wishes.watch.stop = [] { return true; };
  EXPECT_THAT([&] { compare_elements(floats({kOne}), floats({kTwo}), wishes); },
              throws_error(ErrorKind::interrupted, "stopped"));
}

TEST(CompareElements, TellsHowFarItIs) {
  std::uint64_t bytes = 0;
  ElementWishes wishes;
  wishes.watch.bytes = [&](std::uint64_t more) { bytes += more; };
  compare_elements(value_of(DType::float32, std::vector<float>(40000)),
                   value_of(DType::float32, std::vector<float>(40000)), wishes);
  EXPECT_EQ(bytes, 160000u);
}

}  // namespace
}  // namespace thaw::internal
