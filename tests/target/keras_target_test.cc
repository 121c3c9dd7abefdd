#include "target/keras_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "keras/keras_data.h"
#include "support/throws_error.h"
#include "target/keras_roles.h"

namespace thaw::internal {
namespace {

Target open(const std::string& name) { return open_keras_target(memory_source(keras_data(name), name)); }

std::vector<std::string> names_of(const Target& target) {
  std::vector<std::string> names;
  for (const Slot& slot : target.slots) names.push_back(slot.name + " " + slot.shape.to_string());
  return names;
}

TEST(KerasTarget, NamesVariablesByLayerAndRole) {
  const Target target = open("dense.weights.h5");
  EXPECT_THAT(names_of(target), testing::UnorderedElementsAreArray(
                                    {"sequential/stem/kernel [3,2]", "sequential/stem/bias [2]",
                                     "sequential/head/kernel [2,2]", "sequential/head/bias [2]"}));
  EXPECT_EQ(target.result, ResultKind::keras_weights);
  EXPECT_EQ(target.slots[0].keys, std::vector<std::string>{"layers/dense/vars/0"});
}

TEST(KerasTarget, KnowsItsOwnValues) {
  for (const char* name : {"dense.weights.h5", "dense.keras"}) {
    const Target target = open(name);
    for (const Slot& slot : target.slots) {
      if (slot.name != "sequential/head/bias") continue;
      const std::string bytes = slot.own->bytes();
      float first = 0;
      std::memcpy(&first, bytes.data(), sizeof first);
      EXPECT_EQ(first, 30) << name;
    }
  }
}

TEST(KerasTarget, OpensArchivesAndOlderFiles) {
  EXPECT_EQ(names_of(open("dense.keras")), names_of(open("dense.weights.h5")));
  EXPECT_EQ(open("dense.keras").result, ResultKind::keras_model);
  EXPECT_THAT(names_of(open("older.h5")),
              testing::UnorderedElementsAreArray(
                  {"stem/kernel [3,2]", "stem/bias [2]", "head/kernel [2,2]", "head/bias [2]"}));
}

TEST(KerasTarget, RefusesWhatCannotBePatched) {
  EXPECT_THAT([] { open("chunked.weights.h5"); }, throws_error(ErrorKind::unsupported, "is cut into chunks"));
  EXPECT_THAT([] { open("compressed.weights.h5"); }, throws_error(ErrorKind::unsupported, "is compressed"));
  EXPECT_THAT([] { open("big_endian.weights.h5"); }, throws_error(ErrorKind::unsupported, "is big endian"));
  EXPECT_THAT([] { open("other.h5"); }, throws_error(ErrorKind::unsupported, "without weights of Keras"));
}

struct RolesCase {
  const char* layer;
  std::vector<Shape> shapes;
  std::vector<std::string> roles;
};

TEST(KerasRoles, AreInTheOrderInWhichLayersSave) {
  const Shape vector({4}), matrix({3, 4}), kernel({2, 2, 3, 4});
  const RolesCase cases[] = {
      {"dense", {matrix, vector}, {"kernel", "bias"}},
      {"query_dense", {matrix}, {"kernel"}},
      {"separable_conv2d", {kernel, kernel, vector}, {"depthwise_kernel", "pointwise_kernel", "bias"}},
      {"conv2d_transpose", {kernel, vector}, {"kernel", "bias"}},
      {"conv_lstm2d", {kernel}, {"kernel"}},
      {"cell", {Shape({3, 16}), Shape({4, 16}), Shape({16})}, {"kernel", "recurrent_kernel", "bias"}},
      {"batch_normalization", {vector, vector, vector}, {"beta", "moving_mean", "moving_variance"}},
      {"batch_normalization", {vector, vector}, {"moving_mean", "moving_variance"}},
      {"embedding", {matrix}, {"embeddings"}},
      {"p_re_lu", {vector}, {"alpha"}},
      {"mine", {kernel, vector}, {"kernel", "bias"}},
      {"mine", {vector, vector}, {"gamma", "beta"}},
      {"mine", {Shape({3, 16}), Shape({4, 16}), Shape({16})}, {"kernel", "recurrent_kernel", "bias"}},
      {"mine", {matrix}, {""}},
  };
  for (const RolesCase& one : cases) EXPECT_EQ(keras_roles(one.layer, one.shapes), one.roles) << one.layer;
}

}  // namespace
}  // namespace thaw::internal
