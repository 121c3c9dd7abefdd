#include "tensor/tensor_proto.h"

#include <gtest/gtest.h>

#include "support/hostile_bytes.h"
#include "support/throws_error.h"
#include "tensor/proto_bytes.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;
using enum Encoding;
using Floats = std::vector<float>;
using F32 = std::vector<float>;
using F64 = std::vector<double>;
using I8 = std::vector<std::int8_t>;
using U8 = std::vector<std::uint8_t>;
using I16 = std::vector<std::int16_t>;
using U16 = std::vector<std::uint16_t>;
using I32 = std::vector<std::int32_t>;
using U32 = std::vector<std::uint32_t>;
using I64 = std::vector<std::int64_t>;
using U64 = std::vector<std::uint64_t>;

constexpr std::uint64_t negative(std::int64_t number) { return static_cast<std::uint64_t>(number); }

struct Encoded {
  const char* what;
  ProtoBytes proto;
  std::string elements;
  Encoding encoding;
};

const Encoded kContents[] = {
    {"Floats", ProtoBytes(DType::float32, {2, 2}).content(raw_bytes(F32{1, 2, 3, -4})),
     raw_bytes(F32{1, 2, 3, -4}), content},
    {"Bools", ProtoBytes(DType::boolean, {3}).content("\1\0\1"s), "\1\0\1"s, content},
    {"Halves", ProtoBytes(DType::float16, {2}).content("\0\x3c\0\xc0"s), "\0\x3c\0\xc0"s, content},
    {"Int4s", ProtoBytes(DType::int4, {3}).content("\1\x0f\2"s), "\1\x0f\2"s, content},
    {"Complex", ProtoBytes(DType::complex128, {1}).content(raw_bytes(F64{1, 2})), raw_bytes(F64{1, 2}),
     content},
    {"Float8", ProtoBytes(DType::float8_e4m3fn, {2}).content("\x38\x40"), "\x38\x40", content},
    // A content that is not empty is used alone.
    {"ContentBeforeList", ProtoBytes(DType::int32, {1}).content(raw_bytes(I32{7})).packed(7, {9}),
     raw_bytes(I32{7}), content},
    {"ListBeforeContent", ProtoBytes(DType::int32, {1}).packed(7, {9}).content(raw_bytes(I32{7})),
     raw_bytes(I32{7}), content},
    {"EmptyContentIsNone", ProtoBytes(DType::int32, {1}).packed(7, {9}).content(""), raw_bytes(I32{9}),
     full_list},
    // Parts of a message are merged: dimensions come one after the other.
    {"ShapeInTwoParts", ProtoBytes(DType::uint8, {2}).shape({3}).content("abcdef"), "abcdef", content},
    {"LastContentCounts", ProtoBytes(DType::uint8, {1}).content("\5").content("\6"), "\6", content},
};

const Encoded kLists[] = {
    {"Float", ProtoBytes(DType::float32, {3}).packed32(5, {1, -2, 0.5}), raw_bytes(F32{1, -2, 0.5}),
     full_list},
    {"FloatUnpacked", ProtoBytes(DType::float32, {2}).fixed32(5, 1).fixed32(5, 2), raw_bytes(F32{1, 2}),
     full_list},
    {"FloatMixed",
     ProtoBytes(DType::float32, {5}).fixed32(5, 1).packed32(5, {2, 3}).fixed32(5, 4).packed32(5, {5}),
     raw_bytes(F32{1, 2, 3, 4, 5}), full_list},
    {"Double", ProtoBytes(DType::float64, {2}).packed64(6, {1, -0.0}), raw_bytes(F64{1, -0.0}), full_list},
    {"DoubleUnpacked", ProtoBytes(DType::float64, {2}).fixed64(6, 1).fixed64(6, 3), raw_bytes(F64{1, 3}),
     full_list},
    {"Int32", ProtoBytes(DType::int32, {3}).packed(7, {1, negative(-2), 300}), raw_bytes(I32{1, -2, 300}),
     full_list},
    {"Int8", ProtoBytes(DType::int8, {2}).packed(7, {127, negative(-128)}), raw_bytes(I8{127, -128}),
     full_list},
    {"Uint8", ProtoBytes(DType::uint8, {2}).varint(7, 200).varint(7, 255), raw_bytes(U8{200, 255}),
     full_list},
    {"Int16", ProtoBytes(DType::int16, {1}).packed(7, {negative(-300)}), raw_bytes(I16{-300}), full_list},
    {"Uint16", ProtoBytes(DType::uint16, {1}).packed(7, {65535}), raw_bytes(U16{65535}), full_list},
    {"Quantised", ProtoBytes(DType::quint8, {2}).packed(7, {0, 255}), raw_bytes(U8{0, 255}), full_list},
    {"Qint32", ProtoBytes(DType::qint32, {1}).packed(7, {negative(-5)}), raw_bytes(I32{-5}), full_list},
    {"Int4", ProtoBytes(DType::int4, {2}).packed(7, {3, negative(-1)}), raw_bytes(I8{3, -1}), full_list},
    {"Uint4", ProtoBytes(DType::uint4, {2}).packed(7, {3, 15}), raw_bytes(U8{3, 15}), full_list},
    {"Int64", ProtoBytes(DType::int64, {2}).packed(10, {1, negative(INT64_MIN)}),
     raw_bytes(I64{1, INT64_MIN}), full_list},
    {"Uint32", ProtoBytes(DType::uint32, {1}).packed(16, {4000000000}), raw_bytes(U32{4000000000}),
     full_list},
    {"Uint64", ProtoBytes(DType::uint64, {1}).packed(17, {UINT64_MAX}), raw_bytes(U64{UINT64_MAX}),
     full_list},
    {"Bool", ProtoBytes(DType::boolean, {3}).packed(11, {1, 0, 1}), "\1\0\1"s, full_list},
    {"BoolIsZeroOrOne", ProtoBytes(DType::boolean, {2}).packed(11, {2, 256}), "\1\1"s, full_list},
    {"Half", ProtoBytes(DType::float16, {2}).packed(13, {0x3c00, 0xc000}), "\0\x3c\0\xc0"s, full_list},
    {"Bfloat16", ProtoBytes(DType::bfloat16, {2}).packed(13, {0x3f80, 0xbf80}), "\x80\x3f\x80\xbf"s,
     full_list},
    {"Float8", ProtoBytes(DType::float8_e5m2, {3}).bytes(18, "\1\2\3"), "\1\2\3", full_list},
    {"Complex64", ProtoBytes(DType::complex64, {2}).packed32(9, {1, 2, 3, 4}), raw_bytes(F32{1, 2, 3, 4}),
     full_list},
    {"Complex128", ProtoBytes(DType::complex128, {1}).fixed64(12, 1).fixed64(12, -2), raw_bytes(F64{1, -2}),
     full_list},
    {"TooManyItems", ProtoBytes(DType::float32, {2}).packed32(5, {1, 2, 3, 4}), raw_bytes(F32{1, 2}),
     full_list},
    {"TooManyNumbers", ProtoBytes(DType::int32, {1}).packed(7, {1, 2}).varint(7, 3), raw_bytes(I32{1}),
     full_list},
    {"Scalar", ProtoBytes(DType::float32, {}).packed32(5, {20}), raw_bytes(F32{20}), full_list},
    {"FieldsInAnyOrder", ProtoBytes().packed32(5, {1, 2}).shape({2}).type(1), raw_bytes(F32{1, 2}),
     full_list},
    {"OtherListsAreIgnored", ProtoBytes(DType::float32, {1}).packed(7, {9}).packed32(5, {1}).packed64(6, {3}),
     raw_bytes(F32{1}), full_list},
    {"UnknownFieldsAreIgnored", ProtoBytes(DType::int32, {1}).varint(3, 5).packed(7, {9}).bytes(99, "xyz"),
     raw_bytes(I32{9}), full_list},
    {"OtherWireTypesAreUnknown", ProtoBytes(DType::float32, {1}).varint(5, 9).packed32(5, {1}),
     raw_bytes(F32{1}), full_list},
};

const Encoded kShortLists[] = {
    {"OneForAll", ProtoBytes(DType::float32, {4}).packed32(5, {0.5}), raw_bytes(F32{0.5, 0.5, 0.5, 0.5}),
     short_list},
    {"LastRepeated", ProtoBytes(DType::int32, {2, 2}).packed(7, {1, 2}), raw_bytes(I32{1, 2, 2, 2}),
     short_list},
    {"LastRepeatedUnpacked", ProtoBytes(DType::int64, {3}).varint(10, 1).varint(10, 2),
     raw_bytes(I64{1, 2, 2}), short_list},
    {"NoneAreZeros", ProtoBytes(DType::float32, {3}), raw_bytes(F32{0, 0, 0}), short_list},
    {"NoneForAScalar", ProtoBytes(DType::int32, {}), raw_bytes(I32{0}), short_list},
    {"EmptyChunksAreNone", ProtoBytes(DType::int32, {2}).packed(7, {}).packed(7, {}), raw_bytes(I32{0, 0}),
     short_list},
    {"BoolRepeated", ProtoBytes(DType::boolean, {3}).packed(11, {1}), "\1\1\1", short_list},
    {"HalfRepeated", ProtoBytes(DType::float16, {2}).packed(13, {0x3c00}), "\0\x3c\0\x3c"s, short_list},
    {"Float8Repeated", ProtoBytes(DType::float8_e4m3fn, {3}).bytes(18, "\1\2"), "\1\2\2", short_list},
    {"LastPairRepeated", ProtoBytes(DType::complex64, {3}).packed32(9, {1, 2, 3, 4}),
     raw_bytes(F32{1, 2, 3, 4, 3, 4}), short_list},
    {"HalfAPairIsNone", ProtoBytes(DType::complex64, {2}).packed32(9, {1, 2, 3}), raw_bytes(F32{1, 2, 1, 2}),
     short_list},
    {"NoPairAtAll", ProtoBytes(DType::complex64, {1}).packed32(9, {1}), raw_bytes(F32{0, 0}), short_list},
};

const Encoded kEmpty[] = {
    {"Vector", ProtoBytes(DType::float32, {0}), "", full_list},
    {"Matrix", ProtoBytes(DType::int32, {4, 0, 3}), "", full_list},
    {"WhateverItHolds", ProtoBytes(DType::float32, {0}).packed32(5, {1, 2}).content("abc"), "", full_list},
    {"LargeOtherDimensions", ProtoBytes(DType::float32, {INT64_MAX, INT64_MAX, 0}), "", full_list},
};

std::vector<Encoded> all_encodings() {
  std::vector<Encoded> all;
  for (const auto& table : {std::span<const Encoded>(kContents), std::span<const Encoded>(kLists),
                            std::span<const Encoded>(kShortLists), std::span<const Encoded>(kEmpty)}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

TEST(TensorProto, IsReadInEveryEncoding) {
  for (const Encoded& encoded : all_encodings()) {
    for (const bool by_range : {false, true}) {
      SCOPED_TRACE(std::string(encoded.what) + (by_range ? ", in a file" : ", in memory"));
      const ExactBytes block{encoded.proto.get()};
      const TensorProto tensor = by_range ? read_by_range(encoded.proto) : read_tensor(block.bytes());
      EXPECT_EQ(tensor.encoding, encoded.encoding);
      ASSERT_EQ(tensor.value.byte_size(), encoded.elements.size());
      EXPECT_TRUE(tensor.value.bytes() == encoded.elements);
    }
  }
}

TEST(TensorProto, ComesBackFromWhatIsWritten) {
  for (const Encoded& encoded : all_encodings()) {
    SCOPED_TRACE(encoded.what);
    const Value value = read_tensor(encoded.proto.get()).value;
    const Recipe written = write_tensor(value);
    EXPECT_EQ(written.size(), written.bytes().size());
    const Value back = read_tensor(written.bytes()).value;
    EXPECT_EQ(back.dtype(), value.dtype());
    EXPECT_EQ(back.shape(), value.shape());
    EXPECT_TRUE(back.bytes() == value.bytes());
  }
}

struct Refused {
  const char* what;
  ProtoBytes proto;
  const char* message;
};

class BrokenTensors : public testing::TestWithParam<Refused> {};

TEST_P(BrokenTensors, AreRefused) {
  const ExactBytes block{GetParam().proto.get()};
  EXPECT_THAT([&] { read_tensor(block.bytes()); }, throws_error(ErrorKind::malformed, GetParam().message));
  EXPECT_THAT([&] { read_by_range(GetParam().proto); },
              throws_error(ErrorKind::malformed, GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    TensorProto, BrokenTensors,
    testing::Values(
        Refused{"NoType", ProtoBytes().shape({1}).packed32(5, {1}), "without a dtype"},
        Refused{"TypeZero", ProtoBytes().type(0).shape({1}), "dtype 0"},
        Refused{"UnknownType", ProtoBytes().type(34).shape({1}), "dtype 34"},
        Refused{"ReferenceType", ProtoBytes().type(101).shape({1}), "dtype 101"},
        Refused{"HugeType", ProtoBytes().type(UINT64_MAX).shape({1}), "dtype 18446744073709551615"},
        Refused{"ContentTooShort", ProtoBytes(DType::float32, {2}).content("1234567"),
                "tensor_content has 7 bytes"},
        Refused{"ContentTooLong", ProtoBytes(DType::float32, {2}).content("123456789"),
                "float32 [2] needs 8"},
        Refused{"UnknownDimension", ProtoBytes(DType::float32, {-1}).packed32(5, {1}), "shape [?]"},
        Refused{"NegativeDimension", ProtoBytes(DType::float32, {-2}), "a dimension of -2"},
        Refused{"UnknownRank", ProtoBytes().type(1).bytes(2, "\x18\x01"), "<unknown>"},
        Refused{"TooManyElements", ProtoBytes(DType::uint8, {INT64_MAX, 2}), "2^63"},
        Refused{"TooManyBytes", ProtoBytes(DType::float32, {INT64_MAX / 2}).packed32(5, {1}), "2^63"},
        Refused{"PackedListCut", ProtoBytes(DType::float32, {2}).bytes(5, "12345"), "ends within an item"},
        Refused{"PackedListOfAnotherTypeCut",
                ProtoBytes(DType::float32, {1}).packed32(5, {1}).bytes(6, "123456789"),
                "ends within an item"},
        Refused{"PackedNumberCut", ProtoBytes(DType::int32, {2}).bytes(7, "\x01\x80"), "cut off"},
        Refused{"ShapeCut", ProtoBytes().type(1).bytes(2, "\x12\x05"), "passes the end"}),
    [](const auto& tested) { return tested.param.what; });

TEST(TensorProto, HoldsAFillOfAnySizeWithoutItsBytes) {
  const TensorProto tensor =
      read_tensor(ProtoBytes(DType::float32, {1 << 20, 1 << 20, 1 << 19}).packed32(5, {1}).get());
  EXPECT_EQ(tensor.value.byte_size(), std::uint64_t{1} << 61);
  std::string last(6, '?');
  tensor.value.open((std::uint64_t{1} << 61) - 6)->read(std::as_writable_bytes(std::span(last)));
  EXPECT_EQ(last, "\x80\x3f\0\0\x80\x3f"s);
}

TEST(TensorProto, ReadsStrings) {
  struct Case {
    ProtoBytes proto;
    std::vector<std::string> elements;
    Encoding encoding;
  };
  const Case cases[] = {
      {ProtoBytes(DType::string, {2}).bytes(8, "ab").bytes(8, "\0\xff"s), {"ab", "\0\xff"s}, full_list},
      {ProtoBytes(DType::string, {}).bytes(8, "model"), {"model"}, full_list},
      {ProtoBytes(DType::string, {3}).bytes(8, "a").bytes(8, "b"), {"a", "b", "b"}, short_list},
      {ProtoBytes(DType::string, {2}), {"", ""}, short_list},
      {ProtoBytes(DType::string, {1}).bytes(8, "a").bytes(8, "b"), {"a"}, full_list},
      {ProtoBytes(DType::string, {0}).bytes(8, "a"), {}, full_list}};
  for (const Case& one : cases) {
    for (const TensorProto& tensor : {read_tensor(one.proto.get()), read_by_range(one.proto)}) {
      EXPECT_EQ(strings_in(tensor.value), one.elements);
      EXPECT_EQ(tensor.encoding, one.encoding);
      EXPECT_EQ(strings_in(read_tensor(write_tensor(tensor.value).bytes()).value), one.elements);
    }
  }
  EXPECT_THAT([] { read_tensor(ProtoBytes(DType::string, {1}).content("\1a").get()); },
              throws_error(ErrorKind::unsupported, "tensor_content"));
}

TEST(TensorProto, WritesTheBytesOfMakeTensorProto) {
  EXPECT_EQ(write_fill(DType::float32, Shape(), std::string(4, '\0')), "\x08\x01\x12\x00\x2a\x04\0\0\0\0"s);
  EXPECT_EQ(write_fill(DType::string, Shape(), "model"), "\x08\x07\x12\x00\x42\x05model"s);
  EXPECT_EQ(write_fill(DType::int32, Shape({3}), "\xff\xff\xff\xff"s),
            "\x08\x03\x12\x04\x12\x02\x08\x03\x3a\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s);
  EXPECT_EQ(write_fill(DType::uint8, Shape(), "\xff"), "\x08\x04\x12\x00\x3a\x02\xff\x01"s);
  const Value two = Value::from_bytes(DType::float32, Shape({2}), raw_bytes(F32{1, 2}));
  EXPECT_EQ(write_tensor(two).bytes(), "\x08\x01\x12\x04\x12\x02\x08\x02\x22\x08\0\0\x80\x3f\0\0\0\x40"s);
  EXPECT_EQ(write_tensor(Value::from_strings(Shape({2}), {"a", ""})).bytes(),
            "\x08\x07\x12\x04\x12\x02\x08\x02\x42\x01"
            "a\x42\x00"s);
}

TEST(TensorProto, TellsTypeAndShapeWithoutTheElements) {
  const TensorHead head = read_tensor_head(ProtoBytes(DType::int64, {2, -1}).bytes(10, "not numbers").get());
  EXPECT_EQ(head.dtype, DType::int64);
  EXPECT_EQ(head.shape, Shape({2, -1}));
  EXPECT_EQ(read_tensor_head("").dtype, DType::invalid);
  EXPECT_EQ(read_tensor_head(ProtoBytes().type(200).get()).dtype, DType::invalid);
}

TEST(TensorProto, EveryBeginningIsReadOrRefused) {
  for (const Encoded& encoded : all_encodings()) {
    EXPECT_EQ(sweep_beginnings(
                  encoded.proto,
                  [](const SourcePtr& source) { read_tensor(source, {0, source->size()}).value.bytes(); }),
              "")
        << encoded.what;
  }
}

}  // namespace
}  // namespace thaw::internal
