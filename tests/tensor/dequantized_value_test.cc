// What Dequantize computes, for numbers that can be told by hand; tests/judge asks TensorFlow about all
// others.
#include "tensor/dequantized_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tensor/value_source.h"
#include "thaw/error.h"

namespace thaw::internal {
namespace {

template <typename T>
std::string bytes_of(const std::vector<T>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)};
}

template <typename T>
Value stored(DType dtype, std::vector<std::int64_t> dims, const std::vector<T>& numbers) {
  return Value::from_bytes(dtype, Shape(std::move(dims)), bytes_of(numbers));
}

std::vector<float> floats(const Value& value) {
  const std::string bytes = value.bytes();
  std::vector<float> found(bytes.size() / sizeof(float));
  std::memcpy(found.data(), bytes.data(), bytes.size());
  return found;
}

Dequantization by(DequantizeMode mode, std::vector<float> lows, std::vector<float> highs,
                  std::int64_t axis = -1) {
  Dequantization settings;
  settings.mode = mode;
  settings.axis = axis;
  settings.lows = std::move(lows);
  settings.highs = std::move(highs);
  return settings;
}

using Floats = std::vector<float>;
using enum DequantizeMode;

TEST(DequantizedValue, Modes) {
  const Value bytes = stored<std::uint8_t>(DType::quint8, {3}, {0, 51, 255});
  EXPECT_EQ(floats(dequantized_value(bytes, by(min_combined, {0}, {255}))), (Floats{0, 51, 255}));
  EXPECT_EQ(floats(dequantized_value(bytes, by(min_first, {-255}, {255}))), (Floats{-256, -154, 254}));
  EXPECT_EQ(floats(dequantized_value(bytes, by(scaled, {-1}, {510}))), (Floats{0, 102, 510}));
  const Value signs = stored<std::int8_t>(DType::qint8, {3}, {-128, 0, 127});
  EXPECT_EQ(floats(dequantized_value(signs, by(min_combined, {0}, {255}))), (Floats{0, 128, 255}));
  EXPECT_EQ(floats(dequantized_value(signs, by(min_first, {0}, {255}))), (Floats{0, 128, 255}));
  EXPECT_EQ(floats(dequantized_value(signs, by(scaled, {-256}, {127}))), (Floats{-256, 0, 254}));
}

TEST(DequantizedValue, ANarrowRangeHasOneNumberLess) {
  Dequantization settings = by(scaled, {-127}, {0});
  const Value one = stored<std::int8_t>(DType::qint8, {1}, {-127});
  EXPECT_NE(floats(dequantized_value(one, settings)), Floats{-127});
  settings.narrow_range = true;
  EXPECT_EQ(floats(dequantized_value(one, settings)), Floats{-127});
}

TEST(DequantizedValue, ARangeWithoutWidthIsItsOnlyNumber) {
  const Value bytes = stored<std::uint8_t>(DType::quint8, {2}, {0, 255});
  EXPECT_EQ(floats(dequantized_value(bytes, by(min_first, {1.5}, {1.5}))), (Floats{1.5, 1.5}));
}

TEST(DequantizedValue, ANegativeScaleMakesANegativeZero) {
  const Value bytes = stored<std::uint8_t>(DType::quint8, {1}, {0});
  EXPECT_TRUE(std::signbit(floats(dequantized_value(bytes, by(scaled, {0}, {-1})))[0]));
}

TEST(DequantizedValue, ARangeForEachSlice) {
  const Value bytes = stored<std::uint8_t>(DType::quint8, {2, 2, 2}, {1, 1, 1, 1, 1, 1, 1, 1});
  const auto along = [&](std::int64_t axis) {
    return floats(dequantized_value(bytes, by(min_combined, {0, 100}, {255, 355}, axis)));
  };
  EXPECT_EQ(along(0), (Floats{1, 1, 1, 1, 101, 101, 101, 101}));
  EXPECT_EQ(along(1), (Floats{1, 1, 101, 101, 1, 1, 101, 101}));
  EXPECT_EQ(along(2), (Floats{1, 101, 1, 101, 1, 101, 1, 101}));
}

TEST(DequantizedValue, ShortFloatsAreRoundedToEven) {
  Dequantization settings = by(min_combined, {0}, {255});
  settings.result = DType::bfloat16;
  // 257 and 259 lie in the middle between two bfloat16.
  settings.lows = {256};
  settings.highs = {511};
  const Value value = dequantized_value(stored<std::uint8_t>(DType::quint8, {3}, {1, 2, 3}), settings);
  EXPECT_EQ(value.dtype(), DType::bfloat16);
  EXPECT_EQ(value.bytes(), bytes_of<std::uint16_t>({0x4380, 0x4381, 0x4382}));
}

TEST(DequantizedValue, WhatTheKernelRefuses) {
  const Shape shape({2, 3});
  EXPECT_TRUE(fits(by(min_combined, {0, 0}, {1, 1}, 0), DType::quint8, shape));
  EXPECT_FALSE(fits(by(min_combined, {0, 0}, {1, 1}, 1), DType::quint8, shape));
  EXPECT_FALSE(fits(by(min_combined, {0, 0}, {1, 1}, 2), DType::quint8, shape));
  EXPECT_FALSE(fits(by(min_combined, {0, 0}, {1}, 0), DType::quint8, shape));
  EXPECT_FALSE(fits(by(min_first, {0, 0}, {1, 1}, 0), DType::quint8, shape));
  EXPECT_FALSE(fits(by(min_first, {0}, {1}), DType::uint8, shape));
  Dequantization is_short = by(scaled, {0}, {1});
  is_short.result = DType::bfloat16;
  EXPECT_FALSE(fits(is_short, DType::quint8, shape));
}

TEST(DequantizedValue, ReadsBeginAndEndAnywhere) {
  std::vector<std::int16_t> numbers(10000);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int16_t>(i * 7);
  const Value value = dequantized_value(stored(DType::qint16, {10000}, numbers), by(min_combined, {-1}, {1}));
  const std::string all = value.bytes();
  const SourcePtr source = value_source(value, "floats");
  EXPECT_EQ(source->size(), all.size());
  for (const std::uint64_t at : {0u, 1u, 4u, 16383u, 16384u, 16385u, 39990u, 3u}) {
    std::string part(std::min<std::size_t>(20001, all.size() - at), '\0');
    source->read_at(at, std::as_writable_bytes(std::span(part)));
    EXPECT_EQ(part, all.substr(at, part.size())) << at;
  }
  std::string behind(2, '\0');
  EXPECT_THROW(source->read_at(all.size() - 1, std::as_writable_bytes(std::span(behind))), Error);
}

}  // namespace
}  // namespace thaw::internal
