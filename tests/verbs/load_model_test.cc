#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"
#include "thaw/model.h"
#include "verbs/world.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;

LoadedModel load_text(const std::string& text) {
  return LoadedModel::open("m.pb", {}, destination_with("m.pb", model(text)));
}

const Attribute* attribute_of(const ModelNode& node, std::string_view key) {
  for (const auto& [name, attribute] : node.attributes) {
    if (name == key) return &attribute;
  }
  return nullptr;
}

TEST(LoadedModel, ReadsWeightsOneByOne) {
  const LoadedModel loaded = load_text(kModel);
  ASSERT_EQ(loaded.graph().weights.size(), 2u);
  EXPECT_EQ(loaded.graph().weights[1].name, "w");
  ASSERT_TRUE(loaded.value(0));
  EXPECT_EQ(loaded.value(0)->bytes(), std::string("\7\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(loaded.value(1)->shape().to_string(), "[2,3]");
  EXPECT_EQ(loaded.report().format, "frozen GraphDef");
}

TEST(LoadedModel, SaysWhereNumbersLieAsTheyAre) {
  const LoadedModel loaded = load_text(
      "x = Placeholder f32[?,64]\nw = Const f32[64,64]\n"
      "w/read = Identity:f32 w\ny = MatMul:f32 x w/read\n");
  const std::optional<BytesPlace> place = loaded.value(0)->place();
  ASSERT_TRUE(place);
  std::string there(place->range.size, '\0');
  place->source->read_at(place->range.at, std::as_writable_bytes(std::span(there)));
  EXPECT_EQ(there, loaded.value(0)->bytes());
  EXPECT_FALSE(Value::fill(DType::float32, Shape({2}), std::string(4, '\0')).place());
}

TEST(LoadedModel, TellsNodesWithTheirAttributes) {
  const LoadedModel loaded = load_text(kModel);
  EXPECT_EQ(loaded.node_count(), 8u);
  const std::optional<std::size_t> place = loaded.find_node("y");
  ASSERT_TRUE(place);
  EXPECT_EQ(loaded.node_name(*place), "y");
  EXPECT_EQ(loaded.node_op(*place), "MatMul");
  const ModelNode node = loaded.node(*place);
  EXPECT_THAT(node.inputs, ElementsAreArray({"x", "w/read"}));
  ASSERT_NE(attribute_of(node, "T"), nullptr);
  EXPECT_EQ(std::get<DType>(attribute_of(node, "T")->value), DType::float32);
  const ModelNode constant = loaded.node(*loaded.find_node("steps"));
  EXPECT_EQ(std::get<Value>(attribute_of(constant, "value")->value).dtype(), DType::int64);
  EXPECT_FALSE(loaded.find_node("none"));
}

TEST(LoadedModel, OutlivesWhatItWasOpenedThrough) {
  std::optional<LoadedModel> loaded;
  {
    World world;
    world.thaw();
    loaded = LoadedModel::open("out/model.ckpt.meta", {}, world.destination);
  }
  EXPECT_FALSE(loaded->graph().weights[1].frozen);
  EXPECT_EQ(loaded->value(0)->bytes(), std::string("\7\0\0\0\0\0\0\0", 8));
}

TEST(LoadedModel, RefusesACheckpointWithoutAGraph) {
  World world;
  world.thaw();
  world.files().erase("out/model.ckpt.meta");
  EXPECT_THAT([&] { LoadedModel::open("out/model.ckpt", {}, world.destination); },
              throws_error(ErrorKind::usage, "without a graph"));
}

}  // namespace
}  // namespace thaw::internal
