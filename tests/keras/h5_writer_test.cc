#include "keras/h5_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "keras/h5_file.h"
#include "keras/legacy_weights.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using enum ErrorKind;

Value numbers(DType dtype, const std::vector<std::int64_t>& dims, char first) {
  const Shape shape(dims);
  std::string bytes(static_cast<std::size_t>(*shape.element_count()) * element_size(dtype), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(first + static_cast<char>(i));
  return Value::from_bytes(dtype, shape, bytes);
}

std::string bytes_of(const std::string& file, const H5Dataset& dataset) {
  return file.substr(static_cast<std::size_t>(dataset.data.at), static_cast<std::size_t>(dataset.data.size));
}

TEST(H5Writer, WritesWhatIsReadAgain) {
  H5Group root;
  std::vector<std::pair<std::string, Value>> expected;
  for (const DType dtype :
       {DType::float16, DType::float32, DType::float64, DType::int8, DType::int16, DType::int32, DType::int64,
        DType::uint8, DType::uint16, DType::uint32, DType::uint64}) {
    const Value value = numbers(dtype, {3, 1, 2}, static_cast<char>(dtype));
    expected.emplace_back("of/" + std::string(name_of(dtype)), value);
    root.group("of").add(std::string(name_of(dtype)), value);
  }
  root.group("of").group("deeper").add("scalar", numbers(DType::float32, {}, 1));
  root.group("of").add({"names", {"a", "", "longer"}});
  root.add({"name", {"one"}, false});
  const std::string file = write_h5(root).bytes();
  const H5File read = read_h5(memory_source(file));
  ASSERT_EQ(read.datasets.size(), expected.size() + 1);
  for (const auto& [path, value] : expected) {
    const auto dataset = std::ranges::find(read.datasets, path, &H5Dataset::path);
    ASSERT_NE(dataset, read.datasets.end()) << path;
    EXPECT_EQ(dataset->dtype, value.dtype()) << path;
    EXPECT_EQ(dataset->shape, value.shape()) << path;
    EXPECT_EQ(dataset->fault, "") << path;
    EXPECT_EQ(bytes_of(file, *dataset), value.bytes()) << path;
  }
  EXPECT_THAT(*read.text("of", "names"), ElementsAreArray({"a", "", "longer"}));
  EXPECT_THAT(*read.text("", "name"), ElementsAreArray({"one"}));
}

TEST(H5Writer, RefusesWhatHdf5HasNotOrTwice) {
  H5Group root;
  root.add("a", numbers(DType::bfloat16, {2}, 1));
  EXPECT_THAT([&] { write_h5(root); }, throws_error(unsupported, "bfloat16"));
  EXPECT_THAT([&] { root.group("a"); }, throws_error(usage, "'a'"));
  EXPECT_THAT([&] { root.add("a", numbers(DType::float32, {2}, 1)); }, throws_error(usage, "'a'"));
  H5Group names;
  names.add({"names", {std::string(70000, 'x')}});
  EXPECT_THAT([&] { write_h5(names); }, throws_error(unsupported, "'names'"));
}

TEST(LegacyWeights, AreInLayers) {
  const Value value = numbers(DType::float32, {2}, 1);
  const LegacyWeights made = write_legacy_weights(
      {{"model/b/kernel", value}, {"model/a/cell/kernel", value}, {"model/b/bias", value}});
  EXPECT_THAT(made.paths, ElementsAreArray({"b/b/kernel:0", "a/a/cell/kernel:0", "b/b/bias:0"}));
  const H5File read = read_h5(memory_source(made.file.bytes()));
  EXPECT_THAT(*read.text("", "layer_names"), ElementsAreArray({"b", "a"}));
  EXPECT_THAT(*read.text("b", "weight_names"), ElementsAreArray({"b/kernel:0", "b/bias:0"}));
  EXPECT_EQ(read.datasets.size(), 3u);
}

TEST(LegacyWeights, TheModelsNameIsNoLayer) {
  const Value value = numbers(DType::float32, {2}, 1);
  const auto layers = [&](const std::string& a, const std::string& b) {
    return *read_h5(memory_source(write_legacy_weights({{a, value}, {b, value}}).file.bytes()))
                .text("", "layer_names");
  };
  EXPECT_THAT(layers("sequential_1/x/kernel", "sequential_1/y/kernel"), ElementsAreArray({"x", "y"}));
  EXPECT_THAT(layers("sequential/kernel", "sequential/y/kernel"), ElementsAreArray({"sequential"}));
  EXPECT_THAT(layers("lstm/lstm_cell/kernel", "lstm/lstm_cell/bias"), ElementsAreArray({"lstm"}));
  EXPECT_THAT([&] { layers("kernel", "y/kernel"); }, throws_error(usage, "'kernel'"));
}

}  // namespace
}  // namespace thaw::internal
