#include <gtest/gtest.h>

#include <array>

#include "support/throws_error.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"
#include "thaw/tensor.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;

std::string read(const Value& value, std::uint64_t at, std::size_t size) {
  std::string bytes(size, '?');
  value.open(at)->read(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

TEST(Value, LiesAnywhere) {
  const Value values[] = {Value::from_bytes(DType::uint8, Shape({5}), "abcde"),
                          Value::from_range(DType::uint8, Shape({5}), memory_source("--abcde--"), {2, 5})};
  for (const Value& value : values) {
    EXPECT_EQ(value.byte_size(), 5u);
    EXPECT_EQ(value.element_count(), 5);
    EXPECT_TRUE(value.seekable());
    EXPECT_EQ(value.bytes(), "abcde");
    EXPECT_EQ(read(value, 3, 2), "de");
  }
}

TEST(Value, RepeatsOneElement) {
  const Value value = Value::fill(DType::int32, Shape({2, 3}), "abcd");
  EXPECT_EQ(value.bytes(), "abcdabcdabcdabcdabcdabcd");
  for (std::size_t at = 0; at < 24; ++at) EXPECT_EQ(read(value, at, 24 - at), value.bytes().substr(at)) << at;
  EXPECT_EQ(Value::fill(DType::int32, Shape({0}), "abcd").bytes(), "");
}

TEST(Value, IsPouredInPieces) {
  const Value value = Value::fill(DType::int64, Shape({100001}), "12345678");
  std::string all;
  value.pour([&](Bytes bytes) {
    EXPECT_LE(bytes.size(), 64u * 1024);
    all.append(bytes);
  });
  EXPECT_EQ(all.size(), 800008u);
  EXPECT_EQ(all, value.bytes());
}

TEST(Value, HoldsStringsApart) {
  const Value value = Value::from_strings(Shape({2}), {"a", "\0b"s});
  EXPECT_EQ(value.byte_size(), 0u);
  EXPECT_EQ(value.element_count(), 2);
  std::string seen;
  value.for_each_string([&](Bytes text) { seen += std::to_string(text.size()) + std::string(text); });
  EXPECT_EQ(seen, "1a2\0b"s);
  EXPECT_THAT([&] { value.open(); }, throws_error(ErrorKind::bug, "as bytes"));
  const Value number = Value::from_bytes(DType::uint8, Shape(), "a");
  EXPECT_THAT([&] { number.for_each_string([](Bytes) {}); }, throws_error(ErrorKind::bug, "as strings"));
}

TEST(Value, RefusesWhatDoesNotFit) {
  EXPECT_THAT([] { Value::from_bytes(DType::float32, Shape({2}), "1234567"); },
              throws_error(ErrorKind::bug, "do not fit"));
  EXPECT_THAT([] { Value::from_strings(Shape({2}), {"a"}); }, throws_error(ErrorKind::bug, "do not fit"));
  EXPECT_THAT([] { Value::fill(DType::float32, Shape({2}), "12"); },
              throws_error(ErrorKind::bug, "wrong width"));
  EXPECT_THAT([] { Value::fill(DType::string, Shape({2}), "12"); },
              throws_error(ErrorKind::bug, "wrong width"));
  EXPECT_THAT([] { Value::fill(DType::uint8, Shape({-1}), "1"); }, throws_error(ErrorKind::malformed, "[?]"));
  EXPECT_THAT([] { Value::fill(DType::uint8, Shape::of_unknown_rank(), "1"); },
              throws_error(ErrorKind::malformed, "<unknown>"));
  EXPECT_THAT([] { Value::fill(DType::float64, Shape({INT64_MAX / 4}), "12345678"); },
              throws_error(ErrorKind::malformed, "2^63"));
  EXPECT_THAT([] { Value::fill(DType::uint8, Shape({1 << 25}), "1").bytes(); },
              throws_error(ErrorKind::bug, "large value"));
}

TEST(Shape, CountsAndPrints) {
  struct Case {
    Shape shape;
    const char* text;
    std::optional<std::int64_t> count;
  };
  const Case cases[] = {{Shape(), "[]", 1},
                        {Shape({2, 3}), "[2,3]", 6},
                        {Shape({-1, 3}), "[?,3]", std::nullopt},
                        {Shape({0, -1}), "[0,?]", std::nullopt},
                        {Shape({INT64_MAX, 1}), "[9223372036854775807,1]", INT64_MAX},
                        {Shape({INT64_MAX, 2}), "[9223372036854775807,2]", std::nullopt},
                        {Shape({INT64_MAX, 2, 0}), "[9223372036854775807,2,0]", 0},
                        {Shape::of_unknown_rank(), "<unknown>", std::nullopt}};
  for (const Case& one : cases) {
    EXPECT_EQ(one.shape.to_string(), one.text);
    EXPECT_EQ(one.shape.element_count(), one.count) << one.text;
    EXPECT_EQ(decode_shape(encode_shape(one.shape)), one.shape) << one.text;
  }
  EXPECT_NE(Shape(), Shape::of_unknown_rank());
}

TEST(Shape, IsWrittenAsTensorFlowWritesIt) {
  EXPECT_EQ(encode_shape(Shape({4, 0})), "\x12\x02\x08\x04\x12\x00"s);
  EXPECT_EQ(encode_shape(Shape({-1})), "\x12\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s);
  EXPECT_EQ(encode_shape(Shape::of_unknown_rank()), "\x18\x01");
  // A dimension's name (2) and unknown fields are passed over.
  EXPECT_EQ(decode_shape("\x12\x05\x12\x01n\x08\x07\x20\x01"), Shape({7}));
  EXPECT_THAT([] { decode_shape("\x12\x0b\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"s); },
              throws_error(ErrorKind::malformed, "-2"));
}

TEST(DType, IsKnownByNumberAndName) {
  int known = 0;
  for (std::int64_t number = -5; number < 200; ++number) {
    const std::optional<DType> dtype = dtype_of_number(number);
    if (!dtype) continue;
    ++known;
    EXPECT_EQ(static_cast<std::int64_t>(*dtype), number);
    EXPECT_EQ(dtype_of_name(name_of(*dtype)), dtype);
  }
  EXPECT_EQ(known, 33);
  EXPECT_EQ(dtype_of_number(0), std::nullopt);
  EXPECT_EQ(dtype_of_number(101), std::nullopt);  // a reference
  EXPECT_EQ(dtype_of_number(INT64_MIN), std::nullopt);
  EXPECT_EQ(dtype_of_name("invalid"), std::nullopt);
  EXPECT_EQ(dtype_of_name("bfloat16"), DType::bfloat16);
}

// core/framework/types.proto, by number: name and bytes of an element in a checkpoint.
TEST(DType, HasTensorFlowsNumbers) {
  constexpr std::array<std::pair<std::string_view, std::size_t>, 24> kRows = {
      {{"invalid", 0},     {"float32", 4}, {"float64", 8},   {"int32", 4},   {"uint8", 1},   {"int16", 2},
       {"int8", 1},        {"string", 0},  {"complex64", 8}, {"int64", 8},   {"bool", 1},    {"qint8", 1},
       {"quint8", 1},      {"qint32", 4},  {"bfloat16", 2},  {"qint16", 2},  {"quint16", 2}, {"uint16", 2},
       {"complex128", 16}, {"float16", 2}, {"resource", 0},  {"variant", 0}, {"uint32", 4},  {"uint64", 8}}};
  for (std::size_t number = 0; number < kRows.size(); ++number) {
    EXPECT_EQ(name_of(static_cast<DType>(number)), kRows[number].first);
    EXPECT_EQ(element_size(static_cast<DType>(number)), kRows[number].second) << kRows[number].first;
  }
  for (const DType dtype : {DType::float16, DType::bfloat16, DType::float32, DType::float64})
    EXPECT_TRUE(is_trainable_float(dtype));
  for (const DType dtype :
       {DType::int32, DType::complex64, DType::string, DType::quint8, DType::float8_e5m2}) {
    EXPECT_FALSE(is_trainable_float(dtype)) << name_of(dtype);
  }
}

}  // namespace
}  // namespace thaw::internal
