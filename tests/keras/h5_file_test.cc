// Files as Keras and h5py write them (tests/data/make_keras_files.py), and what is left of them when they
// break.
#include "keras/h5_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hostile/mutation.h"
#include "keras/keras_data.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using enum ErrorKind;

std::string lines_of(const H5File& file) {
  std::string lines;
  for (const H5Dataset& dataset : file.datasets) {
    lines += dataset.path + " " + std::string(name_of(dataset.dtype)) + " " + dataset.shape.to_string() +
             (dataset.fault.empty() ? "" : " " + dataset.fault) + "\n";
  }
  return lines;
}

H5File read(const std::string& name) { return read_h5(memory_source(keras_data(name))); }

TEST(H5File, FindsDatasetsAndTexts) {
  const H5File file = read("dense.weights.h5");
  EXPECT_EQ(lines_of(file),
            "layers/dense/vars/0 float32 [3,2]\n"
            "layers/dense/vars/1 float32 [2]\n"
            "layers/dense_1/vars/0 float32 [2,2]\n"
            "layers/dense_1/vars/1 float32 [2]\n");
  ASSERT_NE(file.text("layers/dense_1/vars", "name"), nullptr);
  EXPECT_THAT(*file.text("layers/dense_1/vars", "name"), ElementsAreArray({"head"}));
  EXPECT_THAT(*file.text("vars", "name"), ElementsAreArray({"sequential"}));
  EXPECT_EQ(file.text("vars", "nothing"), nullptr);
  EXPECT_EQ(file.text("nothing", "name"), nullptr);
}

TEST(H5File, FindsTheBytes) {
  const SourcePtr source = memory_source(keras_data("dense.weights.h5"));
  const H5Dataset bias = read_h5(source).datasets[1];
  ASSERT_EQ(bias.data.size, 2 * sizeof(float));
  float values[2];
  source->read_at(bias.data.at, std::as_writable_bytes(std::span(values)));
  EXPECT_THAT(values, ElementsAre(10, 11));
}

TEST(H5File, ReadsTextsOfAFixedLength) {
  EXPECT_THAT(*read("older.h5").text("", "layer_names"), ElementsAreArray({"stem", "head"}));
  EXPECT_THAT(*read("older.h5").text("stem", "weight_names"),
              ElementsAreArray({"stem/kernel:0", "stem/bias:0"}));
}

TEST(H5File, ReadsNewerHeaders) {
  EXPECT_EQ(lines_of(read("newer.weights.h5")), "layers/dense/vars/0 float32 [4,3]\n");
}

TEST(H5File, SaysWhatCannotBeUsed) {
  EXPECT_THAT(lines_of(read("chunked.weights.h5")), testing::HasSubstr("is cut into chunks"));
  EXPECT_THAT(lines_of(read("compressed.weights.h5")), testing::HasSubstr("is compressed"));
  EXPECT_THAT(lines_of(read("big_endian.weights.h5")), testing::HasSubstr("is big endian"));
}

TEST(H5File, RefusesEveryTruncation) {
  const std::string whole = keras_data("dense.weights.h5");
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 512) {
    EXPECT_THAT([&] { read_h5(memory_source(whole.substr(0, size))); }, throws_error(malformed, "HDF5"))
        << size;
  }
}

TEST(H5File, SurvivesDamage) {
  for (const char* name : {"dense.weights.h5", "older.h5", "newer.weights.h5"}) {
    const std::string whole = keras_data(name);
    Chance chance(17);
    for (int round = 0; round < 3000; ++round) {
      const std::string damaged = mutate_bytes(whole, chance);
      try {
        const H5File file = read_h5(memory_source(damaged));
        for (const H5Dataset& dataset : file.datasets) {
          const bool usable = dataset.fault.empty();
          EXPECT_TRUE(!usable || dataset.data.at + dataset.data.size <= damaged.size());
        }
      } catch (const Error& error) {
        EXPECT_TRUE(error.kind() == malformed || error.kind() == unsupported) << error.what();
      }
    }
  }
}

}  // namespace
}  // namespace thaw::internal
