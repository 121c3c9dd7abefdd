// Variables that freezing left in the graph, as in DeepSpeech's exports.
#include <gmock/gmock.h>

#include "passes/thawed.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

const std::string kSpeech = R"(
  input_node = Placeholder f32[1,4]
  previous_state_c = VariableV2 | container= dtype=:f32 shape=(1,4) shared_name=
  previous_state_c/read = Identity:f32 previous_state_c | _class=[loc:@previous_state_c]
  previous_state_h = VariableV2 | container= dtype=:f32 shape=(1,4) shared_name=
  previous_state_h/read = Identity:f32 previous_state_h | _class=[loc:@previous_state_h]
  h1 = Const f32[4,4]
  h1/read = Identity:f32 h1
  MatMul = MatMul:f32 input_node h1/read
  new_c = Add:f32 MatMul previous_state_c/read
  zeros = Const f32[1,4] splat 0
  Assign = Assign:f32 previous_state_c zeros | validate_shape=true
  initialize_state = NoOp ^Assign
  Assign_2 = Assign:f32 previous_state_c new_c
  Assign_3 = Assign:f32 previous_state_h new_c
  logits = Identity:f32 new_c ^Assign_2 ^Assign_3
)";

TEST(Locals, TakeTheGraphsOwnAssignmentOfAConstant) {
  const Thawed thawed = thaw_text(kSpeech);
  ASSERT_EQ(thawed.done.parts.locals.size(), 2u);
  const VariableNodes& c = thawed.done.parts.locals[0];
  EXPECT_EQ(c.name, "previous_state_c");
  EXPECT_EQ(c.initializer, "Assign");
  EXPECT_EQ(c.initial_value, "zeros:0");
  EXPECT_EQ(c.snapshot, "previous_state_c/read:0");
  EXPECT_FALSE(c.is_resource);
  EXPECT_FALSE(c.trainable);
  EXPECT_EQ(c.key, "");
}

// Its only assignments are of values that inputs decide.
TEST(Locals, AreZerosWhereNothingElseIsKnown) {
  const Thawed thawed = thaw_text(kSpeech);
  const VariableNodes& h = thawed.done.parts.locals.at(1);
  EXPECT_EQ(h.initializer, "previous_state_h/Assign");
  EXPECT_EQ(thawed.line("previous_state_h/Assign"),
            "previous_state_h/Assign = Assign previous_state_h previous_state_h/Initializer/zeros | T=:f32 "
            "_class=[loc:@previous_state_h] "
            "use_locking=true validate_shape=true");
  EXPECT_EQ(thawed.line("previous_state_h/Initializer/zeros"),
            "previous_state_h/Initializer/zeros = Const | dtype=:f32 value=f32[1,4]splat{0}");
  EXPECT_EQ(h.initial_value, "previous_state_h/Initializer/zeros:0");
}

TEST(Locals, AreInNoCheckpoint) {
  const Thawed thawed = thaw_text(kSpeech);
  EXPECT_EQ(thawed.line("save/SaveV2/tensor_names"),
            "save/SaveV2/tensor_names = Const | dtype=:str value=str[1]{\"h1\"}");
  EXPECT_EQ(thawed.line("previous_state_c"),
            "previous_state_c = VariableV2 | container=\"\" dtype=:f32 shape=(1,4) shared_name=\"\"");
  EXPECT_EQ(thawed.line("logits"), "logits = Identity new_c ^Assign_2 ^Assign_3 | T=:f32");
  EXPECT_TRUE(thawed.done.plan.warnings.empty());
}

TEST(Locals, OfResourceKindGetAReadWhereNoneIs) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    w/read = Identity:f32 w
    y = MatMul:f32 x w/read
    step = VarHandleOp | dtype=:i64 shape=() shared_name=step
    one = Const i64[] = 1
    count = AssignAddVariableOp step one ^y | dtype=:i64
  )");
  ASSERT_EQ(thawed.done.parts.locals.size(), 1u);
  const VariableNodes& step = thawed.done.parts.locals[0];
  EXPECT_TRUE(step.is_resource);
  EXPECT_EQ(step.snapshot, "step/Read/ReadVariableOp:0");
  EXPECT_EQ(thawed.line("step/Read/ReadVariableOp"),
            "step/Read/ReadVariableOp = ReadVariableOp step | dtype=:i64");
  EXPECT_EQ(thawed.line("step/Assign"),
            "step/Assign = AssignVariableOp step step/Initializer/zeros | dtype=:i64");
}

TEST(Locals, WithoutAShapeStayAndAreNamed) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    w/read = Identity:f32 w
    y = MatMul:f32 x w/read
    left = VariableV2 | container= dtype=:f32 shape=(?,2) shared_name=
    left/read = Identity:f32 left
    z = Add:f32 y left/read
  )");
  EXPECT_TRUE(thawed.done.parts.locals.empty());
  ASSERT_EQ(thawed.done.plan.warnings.size(), 1u);
  EXPECT_NE(thawed.done.plan.warnings[0].find("'left'"), std::string::npos);
}

// A graph that was never frozen: nothing is invented.
TEST(Locals, AreNoWeights) {
  const std::string graph = R"(
    x = Placeholder f32[?,2]
    lstm_1/kernel = VariableV2 | container= dtype=:f32 shape=(2,2) shared_name=
    lstm_1/kernel/read = Identity:f32 lstm_1/kernel
    shape = Const i32[2] = 2 2
    random = RandomUniform shape | dtype=:f32 T=:i32
    lstm_1/kernel/Assign = Assign:f32 lstm_1/kernel random
    y = MatMul:f32 x lstm_1/kernel/read
  )";
  EXPECT_THAT([&] { thaw_text(graph); }, throws_error(ErrorKind::no_weights, "was never frozen"));
}

}  // namespace
}  // namespace thaw::internal
