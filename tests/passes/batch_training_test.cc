// --bn batch: what takes the place of a norm, what moves the statistics, and what is left alone.
#include "passes/batch_training.h"

#include <gmock/gmock.h>

#include "compare/edited.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::Contains;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ThawOptions in_batches() {
  ThawOptions options;
  options.batch_norms = BatchNorms::batch;
  return options;
}

const std::string kWeights = R"(
  bn/gamma = Const f32[3]
  bn/gamma/read = Identity:f32 bn/gamma
  bn/beta = Const f32[3]
  bn/beta/read = Identity:f32 bn/beta
  bn/moving_mean = Const f32[3]
  bn/moving_mean/read = Identity:f32 bn/moving_mean
  bn/moving_variance = Const f32[3]
  bn/moving_variance/read = Identity:f32 bn/moving_variance
)";

const std::string kFused = R"(
  x = Placeholder f32[?,4,4,3]
)" + kWeights + R"(
  bn = FusedBatchNormV3:f32 x bn/gamma/read bn/beta/read bn/moving_mean/read bn/moving_variance/read ^x | U=:f32 is_training=false epsilon=0.01
  y = Identity:f32 bn
  mean = Identity:f32 bn:1
)";

const std::string kArithmetic = R"(
  x = Placeholder f32[?,4,3]
)" + kWeights + R"(
  e = Const f32[] = 0.001
  bn/add = AddV2:f32 bn/moving_variance/read e
  bn/Rsqrt = Rsqrt:f32 bn/add
  bn/mul = Mul:f32 bn/Rsqrt bn/gamma/read
  bn/mul_1 = Mul:f32 x bn/mul
  bn/mul_2 = Mul:f32 bn/moving_mean/read bn/mul
  bn/sub = Sub:f32 bn/beta/read bn/mul_2
  y = AddV2:f32 bn/mul_1 bn/sub
)";

TEST(BatchTraining, AFusedNormIsAChoice) {
  const Thawed thawed = thaw_text(kFused, in_batches());
  EXPECT_EQ(thawed.line("bn"), "bn = Select bn_training bn/training bn/inference | T=:f32");
  EXPECT_EQ(thawed.line("bn/inference"),
            "bn/inference = FusedBatchNormV3 x bn/gamma/read bn/beta/read bn/moving_mean/read "
            "bn/moving_variance/read ^x | T=:f32 U=:f32 epsilon=0.01 is_training=false");
  EXPECT_EQ(
      thawed.line("bn/training"),
      "bn/training = FusedBatchNormV3 x bn/gamma/read bn/beta/read bn_training/none bn_training/none ^x | "
      "T=:f32 U=:f32 epsilon=0.01 is_training=true");
  EXPECT_EQ(thawed.line("y"), "y = Identity bn | T=:f32");
  EXPECT_EQ(thawed.line("mean"), "mean = Identity bn/inference:1 | T=:f32");
  EXPECT_EQ(thawed.line("bn_training"),
            "bn_training = PlaceholderWithDefault bn_training/default | dtype=:bool shape=()");
  EXPECT_THAT(thawed.done.parts.update_ops, ElementsAreArray({"bn/AssignMovingAvg", "bn/AssignMovingAvg_1"}));
}

TEST(BatchTraining, StatisticsMoveByWhatTheBatchHas) {
  const Thawed thawed = thaw_text(kFused, in_batches());
  EXPECT_EQ(thawed.line("bn/AssignMovingAvg_1"),
            "bn/AssignMovingAvg_1 = AssignSubVariableOp bn/moving_variance bn/AssignMovingAvg_1/mul | "
            "_class=[loc:@bn/moving_variance] dtype=:f32");
  EXPECT_THAT(
      thawed.line("bn/AssignMovingAvg_1/value"),
      HasSubstr("Select bn_training bn/AssignMovingAvg_1/moment bn/moving_variance/Read/ReadVariableOp"));
  EXPECT_THAT(thawed.line("bn/AssignMovingAvg_1/moment"), HasSubstr("Reshape bn/training:2"));
}

TEST(BatchTraining, ReferencesMoveToo) {
  ThawOptions options = in_batches();
  options.style = VariableStyle::ref;
  const Thawed thawed = thaw_text(kFused, options);
  EXPECT_THAT(thawed.line("bn/AssignMovingAvg"),
              HasSubstr("AssignSub bn/moving_mean bn/AssignMovingAvg/mul"));
}

TEST(BatchTraining, ArithmeticTakesTheMomentsOfTheBatch) {
  const Thawed thawed = thaw_text(kArithmetic, in_batches());
  EXPECT_EQ(thawed.line("bn/add"), "bn/add = AddV2 bn/add/moving_variance e | T=:f32");
  EXPECT_EQ(thawed.line("bn/add/moving_variance"),
            "bn/add/moving_variance = Select bn_training bn/add/training/Squeeze_1 bn/moving_variance/read | "
            "T=:f32");
  EXPECT_EQ(thawed.line("bn/mul_2"), "bn/mul_2 = Mul bn/mul_2/moving_mean bn/mul | T=:f32");
  EXPECT_EQ(thawed.line("bn/add/training/axes"),
            "bn/add/training/axes = Const | dtype=:i32 value=i32[2]{0 1}");
  EXPECT_EQ(thawed.done.batch_norms->arithmetic, 1U);
}

TEST(BatchTraining, DataOfUnknownRankShowsItsAxesWhenItRuns) {
  std::string text = kArithmetic;
  text.replace(text.find("f32[?,4,3]"), 10, "f32[...]");
  const Thawed thawed = thaw_text(text, in_batches());
  EXPECT_THAT(thawed.line("bn/add/training/axes"), HasSubstr("Range"));
}

TEST(BatchTraining, SaysWhatItLeavesAsItIs) {
  std::string trained = kFused;
  trained.replace(trained.find("is_training=false"), 17, "is_training=true");
  const auto left_of = [](const std::string& text) {
    const Thawed thawed = thaw_text(text, in_batches());
    std::vector<std::string> left;
    for (const ReportedLeft& one : thawed.done.batch_norms->left) left.push_back(one.node + ": " + one.why);
    return left;
  };
  EXPECT_THAT(left_of(trained), Contains("bn: it computes with the statistics of the batch as it is"));
  EXPECT_THAT(left_of(kFused), IsEmpty());
  std::string without_data = kArithmetic;
  without_data.replace(without_data.find("Mul:f32 bn/moving_mean/read bn/mul"), 34,
                       "Mul:f32 bn/beta/read bn/mul");
  EXPECT_THAT(left_of(without_data), Not(IsEmpty()));
}

TEST(BatchTraining, WithoutItNothingIsDifferent) {
  const Thawed thawed = thaw_text(kFused);
  EXPECT_THAT(thawed.line("bn"), HasSubstr("FusedBatchNormV3"));
  EXPECT_THAT(thawed.lines_with("bn_training"), IsEmpty());
  EXPECT_FALSE(thawed.done.batch_norms);
}

TEST(BatchTraining, TheSwitchIsBelowTheScope) {
  ThawOptions options = in_batches();
  options.scope = "old";
  EXPECT_EQ(thaw_text(kFused, options).done.batch_norms->training, "old/bn_training:0");
}

TEST(BatchTraining, MomentumIsANumberBelowOneAndNeedsBatches) {
  ThawOptions options = in_batches();
  for (const double momentum : {-0.1, 1.0, 2.0}) {
    options.bn_momentum = momentum;
    EXPECT_THROW(thaw_text(kFused, options), Error) << momentum;
  }
  options.batch_norms = BatchNorms::frozen;
  options.bn_momentum = 0.9;
  EXPECT_THROW(thaw_text(kFused, options), Error);
}

// The proof takes nothing for granted.
void expect_refused(const std::string& text, const std::string& node, const Edit& edit) {
  const Thawed thawed = thaw_text(text, in_batches());
  const WrittenGraph written(edited(thawed, node, edit), thawed.done.draft.base());
  EXPECT_THROW(prove_graph(thawed.done.draft, written, thawed.done.plan, thawed.done.allowed), Error) << node;
}

TEST(BatchTraining, ProofRefusesASwitchThatIsOn) {
  const Edit on = [](NodeDef& node) { node = graph_text::node_of(node.name + " = Const bool[] = 1"); };
  expect_refused(kFused, "bn_training/default", on);
  expect_refused(kArithmetic, "bn_training/default", on);
}

TEST(BatchTraining, ProofRefusesAnotherNormAtRest) {
  expect_refused(kFused, "bn/inference",
                 [](NodeDef& node) { node.set_attr("is_training", attr_of_bool(true)); });
  expect_refused(kFused, "bn/inference", [](NodeDef& node) { std::swap(node.inputs[1], node.inputs[2]); });
  expect_refused(kFused, "bn", [](NodeDef& node) { std::swap(node.inputs[1], node.inputs[2]); });
  expect_refused(kArithmetic, "bn/add/moving_variance",
                 [](NodeDef& node) { std::swap(node.inputs[1], node.inputs[2]); });
}

}  // namespace
}  // namespace thaw::internal
