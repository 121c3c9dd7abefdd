// Values written in the encodings that are asked for, and read again.
#include "tensor/tensor_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tensor/dtype.h"
#include "tensor/tensor_proto.h"

namespace thaw::internal {
namespace {

using Kind = TensorForm::Kind;

std::string bytes_of(DType dtype, std::size_t elements, unsigned char first = 1) {
  std::string bytes(elements * element_size(dtype), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(first + i * 37);
  if (dtype == DType::boolean) {
    for (char& byte : bytes) byte = static_cast<char>(byte & 1);
  }
  return bytes;
}

TensorProto written(const Value& value, const TensorForm& form) {
  const Recipe recipe = encode_tensor(value, form);
  const std::string bytes = recipe.bytes();
  EXPECT_EQ(bytes.size(), recipe.size());
  return read_tensor(bytes);
}

constexpr DType kTypes[] = {DType::float32,     DType::float64,       DType::int32,     DType::uint8,
                            DType::int16,       DType::int8,          DType::complex64, DType::int64,
                            DType::boolean,     DType::qint8,         DType::quint8,    DType::qint32,
                            DType::bfloat16,    DType::qint16,        DType::quint16,   DType::uint16,
                            DType::complex128,  DType::float16,       DType::uint32,    DType::uint64,
                            DType::float8_e5m2, DType::float8_e4m3fn, DType::int4,      DType::uint4};

TEST(TensorForm, EveryTypeComesBackFromEveryForm) {
  for (const DType dtype : kTypes) {
    for (const std::size_t elements : {0u, 1u, 2u, 7u}) {
      const std::string bytes = bytes_of(dtype, elements);
      const Value value = Value::from_bytes(dtype, Shape({static_cast<std::int64_t>(elements)}), bytes);
      for (const Kind kind : {Kind::usual, Kind::content, Kind::list}) {
        SCOPED_TRACE(std::string(name_of(dtype)) + " " + std::to_string(elements));
        const TensorProto back = written(value, {kind, elements});
        EXPECT_EQ(back.value.dtype(), dtype);
        EXPECT_EQ(back.value.shape(), value.shape());
        EXPECT_EQ(back.value.bytes(), bytes);
      }
    }
  }
}

// python/framework/tensor_util.py, _TENSOR_CONTENT_TYPES
TEST(TensorForm, UsualIsWhatMakeTensorProtoWrites) {
  const auto form_of = [](DType dtype, std::int64_t elements) {
    return written(Value::from_bytes(dtype, Shape({elements}),
                                     bytes_of(dtype, static_cast<std::size_t>(elements))),
                   {})
        .encoding;
  };
  for (const DType dtype : {DType::float32, DType::float16, DType::bfloat16, DType::int64, DType::qint32,
                            DType::uint32, DType::float8_e5m2})
    EXPECT_EQ(form_of(dtype, 2), Encoding::content) << name_of(dtype);
  for (const DType dtype :
       {DType::boolean, DType::complex64, DType::complex128, DType::uint16, DType::int4, DType::uint4})
    EXPECT_EQ(form_of(dtype, 2), Encoding::full_list) << name_of(dtype);
  EXPECT_EQ(form_of(DType::float32, 1), Encoding::full_list);
}

struct ListCase {
  const char* what;
  std::vector<unsigned char> elements;
  std::uint64_t items;
  std::size_t written;  // so many items
};

TEST(TensorForm, AListStopsWhereItsLastItemStandsForTheRest) {
  const ListCase cases[] = {
      {"one for all", {7, 7, 7}, 1, 1},        {"two, the second for the rest", {3, 7, 7}, 2, 2},
      {"more than it needs", {7, 7, 7}, 2, 2}, {"not like that any more", {7, 7, 8}, 1, 3},
      {"none: zeros", {0, 0}, 0, 0},           {"none, and no zeros", {0, 1}, 0, 2},
      {"as many as there are", {1, 2}, 2, 2},  {"more than there are", {1, 2}, 5, 2},
  };
  for (const ListCase& one : cases) {
    SCOPED_TRACE(one.what);
    const std::string bytes(one.elements.begin(), one.elements.end());
    const Value value =
        Value::from_bytes(DType::uint8, Shape({static_cast<std::int64_t>(bytes.size())}), bytes);
    const std::string message = encode_tensor(value, {Kind::list, one.items}).bytes();
    EXPECT_EQ(read_tensor(message).value.bytes(), bytes);
    // 1 dtype, 2 shape {2 dim {1 size}}, 7 int_val, packed: one byte an item
    EXPECT_EQ(message.size(), 8 + (one.written == 0 ? 0 : 2 + one.written));
  }
}

TEST(TensorForm, NegativeNumbersHaveTenBytes) {
  const Value value = Value::from_bytes(DType::int8, Shape({2}), "\xFF\x05");
  const std::string message = encode_tensor(value, {Kind::list, 2}).bytes();
  EXPECT_EQ(read_tensor(message).value.bytes(), "\xFF\x05");
  EXPECT_EQ(message.size(), 8u + 2 + 11);
}

TEST(TensorForm, ListsLongerThanABlock) {
  const std::string bytes = bytes_of(DType::int32, 100'000);
  const Value value = Value::from_bytes(DType::int32, Shape({100'000}), bytes);
  EXPECT_EQ(written(value, {Kind::list, 100'000}).value.bytes(), bytes);
}

TEST(TensorForm, Strings) {
  const auto strings_of = [](const TensorForm& form) {
    const Value value = Value::from_strings(Shape({3}), {"a", "b", "b"});
    std::vector<std::string> texts;
    const TensorProto back = read_tensor(encode_tensor(value, form).bytes());
    back.value.for_each_string([&](Bytes text) { texts.emplace_back(text); });
    texts.push_back(back.encoding == Encoding::short_list ? "short" : "full");
    return texts;
  };
  EXPECT_THAT(strings_of({}), testing::ElementsAreArray({"a", "b", "b", "full"}));
  EXPECT_THAT(strings_of({Kind::list, 2}), testing::ElementsAreArray({"a", "b", "b", "short"}));
  EXPECT_THAT(strings_of({Kind::list, 1}), testing::ElementsAreArray({"a", "b", "b", "full"}));
}

}  // namespace
}  // namespace thaw::internal
