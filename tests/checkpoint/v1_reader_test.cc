// Checkpoints of the first format, made here entry by entry.
#include "checkpoint/v1_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>

#include "checkpoint/ordered_code.h"
#include "support/throws_error.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

struct Part {
  Slice slice;  // kWholeDimension for all of a dimension
  std::vector<float> numbers;
};

struct Tensor {
  std::string name;
  Shape shape;
  std::vector<Part> parts;
};

std::string slice_message(const Slice& slice) {
  std::string message;
  for (const SliceExtent& extent : slice) {
    std::string fields;
    if (extent.start != 0) MessageWriter(fields).integer(1, extent.start);
    if (extent.length != kWholeDimension) MessageWriter(fields).integer(2, extent.length);
    MessageWriter(message).bytes(1, fields);
  }
  return message;
}

std::string saved_slice(const Tensor& tensor, const Part& part) {
  std::string numbers(part.numbers.size() * sizeof(float), '\0'), proto, saved, out;
  std::memcpy(numbers.data(), part.numbers.data(), numbers.size());
  MessageWriter(proto).bytes(5, numbers);
  MessageWriter(saved).bytes(1, tensor.name).bytes(2, slice_message(part.slice)).bytes(3, proto);
  MessageWriter(out).bytes(2, saved);
  return out;
}

std::string file_of(const std::vector<Tensor>& tensors) {
  std::map<std::string, std::string> entries;
  std::string meta, header;
  for (const Tensor& tensor : tensors) {
    std::string message;
    MessageWriter(message).bytes(1, tensor.name).bytes(2, encode_shape(tensor.shape)).varint(3, 1);
    for (const Part& part : tensor.parts) {
      MessageWriter(message).bytes(4, slice_message(part.slice));
      entries[slice_key(tensor.name, part.slice)] = saved_slice(tensor, part);
    }
    MessageWriter(meta).bytes(1, message);
  }
  MessageWriter(header).bytes(1, meta);
  entries[""] = header;
  std::string bytes;
  TableWriter writer([&](Bytes piece) { bytes += piece; }, {64, 16});
  for (const auto& [key, value] : entries) writer.add(key, value);
  writer.finish();
  return bytes;
}

constexpr SliceExtent kAll{0, kWholeDimension};
const std::vector<Tensor> kTensors = {
    {"b", Shape({2}), {{{kAll}, {0.5f, -1.0f}}}},
    {"scalar", Shape(), {{{}, {7}}}},
    {"cut", Shape({2, 2}), {{{kAll, {0, 1}}, {1, 3}}, {{kAll, {1, 1}}, {2, 4}}}},
};

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
  const V1Reader few(memory_source(file_of({{"w", Shape({2}), {{{{0, 1}}, {1}}, {{{1, 1}}, {1, 2, 3}}}}})));
  EXPECT_THAT(numbers_of(few, "w"), testing::SizeIs(2));
}

}  // namespace
}  // namespace thaw::internal
