// Models that hold variables: what is opened of them, and what is refused.
#include "verbs/open_to_thaw.h"

#include <gmock/gmock.h>

#include "io/checkpoint_world.h"
#include "support/graph_text.h"
#include "support/throws_error.h"
#include "thaw/checkpoint_file.h"
#include "verbs/graph_ends.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;

const std::string kTraining = R"(
  x = Placeholder f32[?,2]
  w = VariableV2 | dtype=:f32 shape=(2,3)
  w/read = Identity:f32 w | _class=[loc:@w]
  slot = VariableV2 | dtype=:f32 shape=(2,3)
  slot/read = Identity:f32 slot
  y = MatMul:f32 x w/read
  loss = Mean:f32 y
  gradients/y_grad = Neg:f32 y
  train = ApplyGradientDescent:f32 w w/read gradients/y_grad
  summary = ScalarSummary:f32 loss
)";

Value floats(std::vector<std::int64_t> dims, float first) {
  const Shape shape(std::move(dims));
  std::string bytes;
  for (std::int64_t i = 0; i < *shape.element_count(); ++i) {
    const float number = first + static_cast<float>(i);
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  return Value::from_bytes(DType::float32, shape, std::move(bytes));
}

class VariableModel {
 public:
  explicit VariableModel(const std::string& graph = kTraining) {
    std::string variables;
    for (const char* name : {"w", "slot"}) {
      std::string def;
      MessageWriter(def).bytes(1, std::string(name) + ":0");
      MessageWriter(variables).bytes(1, def);
    }
    std::string list, entry;
    MessageWriter(list).bytes(2, variables);
    MessageWriter(entry).bytes(1, "variables").bytes(2, list);
    MessageWriter(meta_).bytes(2, graph_text::graph_bytes(graph)).bytes(4, entry);
  }

  std::filesystem::path prefix() const { return folder_.path() / "was.ckpt"; }
  void save(const CheckpointContents& contents) const { write_checkpoint(contents, prefix()); }
  void save() const {
    save({{floats({2, 3}, 1), floats({2, 3}, 10)}, {{"w", 0, std::nullopt}, {"slot", 1, std::nullopt}}});
  }
  Model open(const ModelWishes& wishes = {}) const {
    if (!files_->exists(prefix().string() + ".meta")) {
      const auto file = files_->create(prefix().string() + ".meta", meta_.size());
      file->append(meta_);
      file->close(false);
    }
    return open_to_thaw(files_->open(prefix().string() + ".meta"), wishes, *files_);
  }

 private:
  TemporaryFolder folder_;
  std::string meta_;
  std::shared_ptr<Destination> files_ = posix_destination();
};

TEST(OpenToThaw, WhatTrainingNeedsIsLeftOut) {
  const VariableModel model;
  model.save();
  const Model opened = model.open();
  EXPECT_EQ(opened.graph->node_count(), 5u);
  EXPECT_EQ(opened.graph->op(opened.graph->find("w")), "Const");
  EXPECT_NE(opened.graph->find("loss"), kNoNode);
  EXPECT_EQ(opened.graph->find("train"), kNoNode);
}

TEST(OpenToThaw, ValuesAreThoseOfTheCheckpoint) {
  const VariableModel model;
  model.save();
  const Model opened = model.open();
  const CarriedVariable* w = opened.carried->find(opened.graph->find("w"));
  ASSERT_NE(w, nullptr);
  EXPECT_EQ(w->value.bytes(), floats({2, 3}, 1).bytes());
  EXPECT_EQ(w->trainable, std::optional(false));
  EXPECT_EQ(opened.graph->tensor(opened.graph->find("w"), "value").value.bytes(), floats({2, 3}, 1).bytes());
  ASSERT_EQ(opened.carried->others.size(), 1u);
  EXPECT_EQ(opened.carried->others[0].key, "slot");
}

TEST(OpenToThaw, SaysWhichCheckpointItLookedFor) {
  const VariableModel model;
  EXPECT_THAT([&] { model.open(); }, throws_error(ErrorKind::missing_values, "was.ckpt"));
}

TEST(OpenToThaw, AValueOfAnotherShapeIsRefused) {
  const VariableModel model;
  model.save({{floats({3, 3}, 1)}, {{"w", 0, std::nullopt}}});
  EXPECT_THAT([&] { model.open(); }, throws_error(ErrorKind::malformed, "variable 'w'"));
}

TEST(OpenToThaw, OutputsDecideWhatIsThawed) {
  const VariableModel model;
  model.save();
  EXPECT_EQ(model.open({"", "", {"y"}}).graph->node_count(), 4u);
  EXPECT_THAT([&] { model.open({"", "", {"z"}}); }, throws_error(ErrorKind::usage, "z"));
  EXPECT_THAT([&] { model.open({"", "serving", {}}); }, throws_error(ErrorKind::usage, "serving"));
}

TEST(OpenToThaw, WhatTheGraphChangesStays) {
  const VariableModel model(R"(
    x = Placeholder f32[?,2]
    w = VariableV2 | dtype=:f32 shape=(2,3)
    slot = VariableV2 | dtype=:f32 shape=(2,3)
    counted = AssignAdd:f32 slot w
    y = MatMul:f32 x counted
  )");
  model.save();
  const Model opened = model.open();
  EXPECT_EQ(opened.graph->op(opened.graph->find("slot")), "VariableV2");
  EXPECT_EQ(opened.carried->state.size(), 1u);
  EXPECT_EQ(opened.carried->constants.size(), 1u);
}

TEST(GraphEnds, AreWhatInputsAndVariablesGive) {
  EXPECT_THAT(graph_ends(*graph_text::graph_of(kTraining)), ElementsAreArray({"loss"}));
}

}  // namespace
}  // namespace thaw::internal
