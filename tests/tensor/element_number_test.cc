#include "tensor/element_number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace thaw::internal {
namespace {

struct Known {
  DType dtype;
  std::uint64_t bits;
  long double number;
};

class KnownElements : public testing::TestWithParam<Known> {};

TEST_P(KnownElements, AreTheirNumbers) {
  std::byte bytes[8];
  std::memcpy(bytes, &GetParam().bits, sizeof bytes);
  ASSERT_TRUE(has_numbers(GetParam().dtype));
  const auto number = number_of(GetParam().dtype, bytes);
  EXPECT_EQ(number.imag(), 0);
  if (std::isnan(GetParam().number)) {
    EXPECT_TRUE(std::isnan(number.real()));
  } else {
    EXPECT_EQ(number.real(), GetParam().number);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, KnownElements,
    testing::Values(Known{DType::float32, 0x3FC00000, 1.5L}, Known{DType::float64, 0xBFF8000000000000, -1.5L},
                    Known{DType::float16, 0x3C00, 1}, Known{DType::float16, 0xC000, -2},
                    Known{DType::float16, 0x0001, 0x1p-24L}, Known{DType::float16, 0x7BFF, 65504},
                    Known{DType::float16, 0x7C00, INFINITY}, Known{DType::float16, 0x7E00, NAN},
                    Known{DType::bfloat16, 0x3FC0, 1.5L}, Known{DType::bfloat16, 0xFF80, -INFINITY},
                    Known{DType::float8_e5m2, 0x3E, 1.5L}, Known{DType::float8_e5m2, 0xFC, -INFINITY},
                    Known{DType::float8_e4m3fn, 0x3C, 1.5L}, Known{DType::float8_e4m3fn, 0x7E, 448},
                    Known{DType::float8_e4m3fn, 0x01, 0x1p-9L}, Known{DType::float8_e4m3fn, 0xFF, NAN},
                    Known{DType::int8, 0x80, -128}, Known{DType::uint8, 0x80, 128},
                    Known{DType::int16, 0x8000, -32768}, Known{DType::uint16, 0x8000, 32768},
                    Known{DType::int32, 0xFFFFFFFF, -1}, Known{DType::uint32, 0xFFFFFFFF, 4294967295},
                    Known{DType::int64, 0xFFFFFFFFFFFFFFFF, -1},
                    Known{DType::int64, 0x4000000000000001, 4611686018427387905L},
                    Known{DType::uint64, 0xFFFFFFFFFFFFFFFF, 18446744073709551615UL},
                    Known{DType::boolean, 1, 1}, Known{DType::qint8, 0xFF, -1},
                    Known{DType::quint8, 0xFF, 255}, Known{DType::qint32, 0xFFFFFFFE, -2},
                    Known{DType::int4, 0x0F, -1}, Known{DType::int4, 0xF7, 7}, Known{DType::uint4, 0x0F, 15},
                    Known{DType::int2, 0x02, -2}, Known{DType::uint2, 0x03, 3}));

TEST(ElementNumber, ComplexNumbersHaveTwoParts) {
  const double parts[] = {1.5, -2};
  const auto number = number_of(DType::complex128, reinterpret_cast<const std::byte*>(parts));
  EXPECT_EQ(number, std::complex<long double>(1.5L, -2));
}

TEST(ElementNumber, SomeTypesHaveNone) {
  for (const DType dtype : {DType::string, DType::resource, DType::variant, DType::float8_e5m2fnuz})
    EXPECT_FALSE(has_numbers(dtype)) << name_of(dtype);
}

}  // namespace
}  // namespace thaw::internal
