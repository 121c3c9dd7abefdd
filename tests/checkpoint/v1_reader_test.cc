// Checkpoints of the first format, made here entry by entry.
#include "checkpoint/v1_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "checkpoint/v1_fixture.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using namespace v1_fixture;

std::vector<float> numbers_of(const V1Reader& reader, const std::string& name) {
  for (const V1Tensor& tensor : reader.tensors()) {
    if (tensor.name != name) continue;
    const Value value = reader.value(tensor);
    std::vector<float> numbers(static_cast<std::size_t>(value.element_count()));
    value.open()->read(std::as_writable_bytes(std::span(numbers)));
    return numbers;
  }
  return {};
}

TEST(V1Reader, ReadsWhatIsThere) {
  const V1Reader reader(memory_source(file_of(kTensors)));
  ASSERT_EQ(reader.tensors().size(), 3u);
  EXPECT_THAT(numbers_of(reader, "b"), testing::ElementsAre(0.5f, -1.0f));
  EXPECT_THAT(numbers_of(reader, "scalar"), testing::ElementsAre(7));
  EXPECT_THAT(numbers_of(reader, "cut"), testing::ElementsAre(1, 2, 3, 4));
}

TEST(V1Reader, ReadsFromAnyPlaceOn) {
  const V1Reader reader(memory_source(file_of(kTensors)));
  float last = 0;
  reader.value(reader.tensors()[2]).open(12)->read(std::as_writable_bytes(std::span(&last, 1)));
  EXPECT_EQ(last, 4);
}

TEST(V1Reader, IsToldByItsEnd) {
  const std::string file = file_of(kTensors);
  EXPECT_TRUE(ends_as_table(*memory_source(file)));
  EXPECT_FALSE(ends_as_table(*memory_source(file.substr(0, file.size() - 1))));
  EXPECT_FALSE(ends_as_table(*memory_source("")));
}

TEST(V1Reader, RefusesEveryCut) {
  const std::string file = file_of(kTensors);
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_THAT([&] { V1Reader reader(memory_source(file.substr(0, size))); }, testing::Throws<Error>())
        << size;
  }
}

TEST(V1Reader, RefusesListsThatMakeNoSense) {
  const std::vector<std::pair<Tensor, const char*>> wrong = {
      {{"", Shape({1}), {}}, "without a name"},
      {{"w", Shape({-1}), {}}, "without a name, a shape"},
  };
  for (const auto& [tensor, what] : wrong) {
    const std::string file = file_of({tensor});
    EXPECT_THAT([&] { V1Reader reader(memory_source(file)); }, throws_error(ErrorKind::malformed, what));
  }
  const V1Reader gap(memory_source(file_of({{"w", Shape({2}), {{{{0, 1}}, {1}}}}})));
  EXPECT_THAT([&] { gap.value(gap.tensors()[0]); }, throws_error(ErrorKind::malformed, "tensor 'w'"));
}

// As TensorFlow does: nothing is repeated, made up or left out.
TEST(V1Reader, WantsAsManyNumbersAsElements) {
  for (const std::vector<float>& numbers : {std::vector<float>{}, {1}, {1, 2, 3}}) {
    const V1Reader reader(memory_source(file_of({{"w", Shape({2}), {{{kAll}, numbers}}}})));
    EXPECT_THAT([&] { numbers_of(reader, "w"); },
                throws_error(ErrorKind::malformed, "numbers for the shape [2]"));
  }
}

TEST(V1Reader, RefusesWhatIsForLaterReaders) {
  std::string versions, meta, list;
  MessageWriter(versions).varint(1, 2).varint(2, 2);
  MessageWriter(meta).bytes(2, versions);
  MessageWriter(list).bytes(1, meta);
  EXPECT_THAT([&] { decode_v1_list(list); },
              throws_error(ErrorKind::unsupported, "for readers from version 2"));
}

std::string slice_of(const std::string& proto) {
  std::string saved, out;
  MessageWriter(saved).bytes(3, proto);
  MessageWriter(out).bytes(2, saved);
  return out;
}

TEST(V1Reader, LooksOnlyIntoTheListOfTheType) {
  std::string listed, both, elsewhere;
  MessageWriter(listed).bytes(7, std::string("\x07\x08"));
  MessageWriter(both).bytes(4, std::string(8, '\x01')).bytes(7, std::string("\x07\x08"));
  MessageWriter(elsewhere).bytes(10, std::string("\x07\x08"));
  const Shape shape({2});
  EXPECT_EQ(decode_v1_slice(slice_of(both), DType::int32, shape).bytes(),
            decode_v1_slice(slice_of(listed), DType::int32, shape).bytes());
  EXPECT_THAT([&] { decode_v1_slice(slice_of(elsewhere), DType::int32, shape); },
              throws_error(ErrorKind::malformed, "0 numbers"));
}

TEST(V1Reader, MergesMessagesThatStandTwice) {
  std::string first, second;
  MessageWriter(first).bytes(7, std::string("\x07"));
  MessageWriter(second).bytes(7, std::string("\x08"));
  const Value joined = decode_v1_slice(slice_of(first) + slice_of(second), DType::int32, Shape({2}));
  EXPECT_EQ(joined.bytes(), std::string("\x07\0\0\0\x08\0\0\0", 8));
  std::string tensor, meta, list;
  MessageWriter(tensor)
      .bytes(1, "w")
      .bytes(2, encode_shape(Shape({2})))
      .varint(3, 1)
      .bytes(2, encode_shape(Shape({3})));
  MessageWriter(meta).bytes(1, tensor);
  MessageWriter(list).bytes(1, meta).bytes(1, meta);
  const std::vector<V1Tensor> tensors = decode_v1_list(list);
  ASSERT_EQ(tensors.size(), 2u);
  EXPECT_EQ(tensors[0].shape, Shape({2, 3}));
}

}  // namespace
}  // namespace thaw::internal
