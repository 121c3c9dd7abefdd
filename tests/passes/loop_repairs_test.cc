// What freezing and optimisers drop from loops and branches comes back, and only that.
#include <gmock/gmock.h>

#include "passes/control_flow.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using graph_text::cond_text;
using graph_text::loop_text;
using graph_text::with_line;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::StartsWith;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

const std::string kExit = "X1 while/Exit";  // of the counter, in all loops here

TEST(LoopRepairs, AddTheExitOfAVariableThatNobodyReads) {
  const Thawed thawed = thaw_text(loop_text());
  EXPECT_THAT(repairs_of(thawed), ElementsAre(kExit));
  EXPECT_EQ(thawed.line("while/Exit"), "while/Exit = Exit while/Switch | T=:i32");
}

TEST(LoopRepairs, NameTheExitAfterTheSwitchWhereTheUsualNameIsTaken) {
  const Thawed thawed = thaw_text(loop_text() + "  while/Exit = Identity:f32 x\n");
  EXPECT_EQ(thawed.line("while/Switch/thaw_exit"), "while/Switch/thaw_exit = Exit while/Switch | T=:i32");
}

TEST(LoopRepairs, LetASecondExitReadTheFirst) {
  const Thawed thawed = thaw_text(loop_text() + "  again = Exit:f32 while/Switch_1\n");
  EXPECT_THAT(repairs_of(thawed), UnorderedElementsAre(kExit, "X1 again"));
  EXPECT_EQ(thawed.line("again"), "again = Identity while/Exit_1 | T=:f32");
}

TEST(LoopRepairs, PutOneIdentityBehindTheSwitch) {
  std::string text = with_line(loop_text(), "while/Identity_1", "");
  text = with_line(text, "while/next",
                   "while/next = MatMul:f32 while/Switch_1:1 while/MatMul/Enter\n"
                   "  while/side = Tanh:f32 while/Switch_1:1");
  const Thawed thawed = thaw_text(text);
  EXPECT_EQ(thawed.line("while/Identity_1"), "while/Identity_1 = Identity while/Switch_1:1 | T=:f32");
  EXPECT_EQ(thawed.line("while/next"), "while/next = MatMul while/Identity_1 while/MatMul/Enter | T=:f32");
  EXPECT_EQ(thawed.line("while/side"), "while/side = Tanh while/Identity_1 | T=:f32");
  EXPECT_THAT(repairs_of(thawed),
              UnorderedElementsAre(kExit, "X2 while/Identity_1", "X2 while/next", "X2 while/side"));
}

TEST(LoopRepairs, GiveALoopWithoutABodyOne) {
  std::string text = with_line(loop_text(), "while/Identity_1", "");
  text = with_line(text, "while/Identity", "");
  text = with_line(text, "while/add/y", "while/add/y = Const i32[1] = 1 ^while/Merge");
  text = with_line(text, "while/add ", "while/add = Add:i32 while/Merge while/add/y");
  text = with_line(text, "while/next", "while/next = MatMul:f32 while/Merge_1 while/MatMul/Enter");
  const Thawed thawed = thaw_text(text);
  EXPECT_EQ(thawed.line("while/Switch/thaw_identity"),
            "while/Switch/thaw_identity = Identity while/Switch:1 | T=:i32");
  EXPECT_THAT(repairs_of(thawed), UnorderedElementsAre(kExit, "X6 while/Switch/thaw_identity"));
}

TEST(LoopRepairs, SplitAGuardThatBothBranchesRead) {
  std::string text = with_line(cond_text(), "cond/MatMul_1/Switch ", "");
  text = with_line(text,
                   "cond/MatMul_1 =", "cond/MatMul_1 = MatMul:f32 cond/MatMul/Switch cond/MatMul_1/Switch_1");
  const Thawed thawed = thaw_text(text);
  EXPECT_EQ(thawed.line("cond/MatMul/Switch/thaw_true"),
            "cond/MatMul/Switch/thaw_true = Switch x cond/pred_id | T=:f32");
  EXPECT_EQ(thawed.line("cond/MatMul"),
            "cond/MatMul = MatMul cond/MatMul/Switch/thaw_true:1 cond/MatMul/Switch_1:1 | T=:f32");
  EXPECT_EQ(thawed.line("cond/MatMul_1"),
            "cond/MatMul_1 = MatMul cond/MatMul/Switch cond/MatMul_1/Switch_1 | T=:f32");
  EXPECT_THAT(repairs_of(thawed),
              UnorderedElementsAreArray({"X3 cond/MatMul/Switch/thaw_true", "X3 cond/MatMul"}));
}

// Gradients of a cond wait for their Switch (tuple/group_deps): the waiting lies in no branch.
TEST(LoopRepairs, SplitAGuardForBothWhereSomethingWaitsForIt) {
  std::string text = with_line(cond_text(), "cond/MatMul_1/Switch ", "");
  text = with_line(
      text, "cond/MatMul_1 =", "cond/MatMul_1 = MatMul:f32 cond/MatMul/Switch cond/MatMul_1/Switch_1 ^wait");
  text = with_line(
      text, "cond/MatMul =", "cond/MatMul = MatMul:f32 cond/MatMul/Switch:1 cond/MatMul/Switch_1:1 ^wait");
  const Thawed thawed = thaw_text(text + "  wait = NoOp ^cond/MatMul/Switch\n");
  EXPECT_EQ(thawed.line("cond/MatMul"),
            "cond/MatMul = MatMul cond/MatMul/Switch/thaw_true:1 cond/MatMul/Switch_1:1 ^wait | T=:f32");
  EXPECT_EQ(thawed.line("cond/MatMul_1"),
            "cond/MatMul_1 = MatMul cond/MatMul/Switch/thaw_false cond/MatMul_1/Switch_1 ^wait | T=:f32");
  EXPECT_EQ(branches_of(thawed).size(), 2u);
  EXPECT_THAT(thawed.done.control_flow->problems, IsEmpty());
}

TEST(LoopRepairs, PutTheFalseBranchFirst) {
  const Thawed thawed = thaw_text(
      with_line(cond_text(), "cond/Merge", "cond/Merge = Merge:f32 cond/MatMul cond/MatMul_1 | N=2"));
  EXPECT_EQ(thawed.line("cond/Merge"), "cond/Merge = Merge cond/MatMul_1 cond/MatMul | N=2 T=:f32");
  EXPECT_THAT(repairs_of(thawed), ElementsAreArray({"X4 cond/Merge"}));
}

TEST(LoopRepairs, GiveEachBranchItsPivot) {
  std::string text = with_line(cond_text(), "cond/switch_t", "");
  text = with_line(text, "cond/switch_f", "");
  text = with_line(text, "cond/Switch", "");
  const Thawed thawed = thaw_text(text);
  EXPECT_EQ(thawed.line("cond/pred_id/thaw_switch"),
            "cond/pred_id/thaw_switch = Switch cond/pred_id cond/pred_id | T=:bool");
  EXPECT_EQ(thawed.line("cond/pred_id/thaw_switch_t"),
            "cond/pred_id/thaw_switch_t = Identity cond/pred_id/thaw_switch:1 | T=:bool");
  EXPECT_EQ(branches_of(thawed).size(), 2u);
}

TEST(LoopRepairs, LeadIntoALoopWhatItReadsFromOutside) {
  const std::string body = R"(
  axis = Const i32[] = 0
  ids = Const i32[2] = 0 1
  while/rows = GatherV2 while/MatMul/Enter ids axis | Tparams=:f32 Tindices=:i32 Taxis=:i32
  while/next = MatMul:f32 while/Identity_1 while/rows
)";
  const Thawed thawed = thaw_text(loop_text(body));
  EXPECT_EQ(thawed.line("axis/thaw_enter"),
            "axis/thaw_enter = Enter axis | T=:i32 frame_name=\"while/context\" is_constant=true "
            "parallel_iterations=7");
  EXPECT_EQ(thawed.line("while/rows"),
            "while/rows = GatherV2 while/MatMul/Enter ids/thaw_enter axis/thaw_enter | Taxis=:i32 "
            "Tindices=:i32 Tparams=:f32");
  EXPECT_THAT(loops_of(thawed), testing::SizeIs(1));
}

// One branch of a guard goes to the Merge as it is, and the Merge has to be turned.
TEST(LoopRepairs, TurnAMergeOfAGuardThatIsSplit) {
  const Thawed thawed = thaw_text(R"(
    p = Placeholder bool[]
    x = Placeholder f32[?,3]
    w = Const f32[3,3]
    g = Switch:f32 x p
    v = Switch:f32 w p
    m = MatMul:f32 g v
    y = Merge:f32 g:1 m | N=2
  )");
  EXPECT_EQ(thawed.line("y"), "y = Merge m g/thaw_true:1 | N=2 T=:f32");
}

TEST(LoopRepairs, LeaveAloneAGuardThatReadsItself) {
  const Thawed thawed = thaw_text(cond_text() + "  g = Switch:f32 g:1 p\n  n = Tanh:f32 g\n");
  EXPECT_EQ(thawed.line("g"), "g = Switch g:1 p | T=:f32");
}

// The predicate of a guard inside of the loop comes from outside: both halves of the guard read what leads it
// in.
TEST(LoopRepairs, SplitAGuardAndLeadItsPredicateIn) {
  const Thawed thawed = thaw_text(loop_text(R"(
  p = Placeholder bool[]
  while/guard = Switch:f32 while/Identity_1 p
  while/a = MatMul:f32 while/guard:1 while/MatMul/Enter
  while/b = Tanh:f32 while/guard
  while/next = Merge:f32 while/b while/a | N=2
)"));
  EXPECT_THAT(thawed.line("while/guard"), StartsWith("while/guard = Switch while/Identity_1 p/thaw_enter"));
  EXPECT_THAT(thawed.line("while/guard/thaw_true"),
              StartsWith("while/guard/thaw_true = Switch while/Identity_1 p/thaw_enter"));
}

TEST(LoopRepairs, LeaveWholeLoopsAlone) {
  const Thawed thawed = thaw_text(loop_text() + "  count = Exit:i32 while/Switch\n");
  EXPECT_THAT(repairs_of(thawed), IsEmpty());
  EXPECT_EQ(loops_of(thawed).size(), 1u);
}

// -- weights inside

const std::string kFolded = R"(
  ConstantFolding/while/MatMul/Enter_const = Const f32[3,3] ^while/MatMul/Enter
  while/next = MatMul:f32 while/Identity_1 ConstantFolding/while/MatMul/Enter_const
)";

TEST(Hoist, MovesAWeightOutOfALoop) {
  std::string text = with_line(loop_text(kFolded), "w/read", "");
  text = with_line(text, "w =", "");
  text = with_line(text, "while/MatMul/Enter =", "");
  text = with_line(text, "ConstantFolding", "ConstantFolding/k = Const f32[3,3] ^while/Identity_1");
  text = with_line(text, "while/next", "while/next = MatMul:f32 while/Identity_1 ConstantFolding/k");
  for (const ThawOptions& options : {ThawOptions{}, in_ref_style()}) {
    const Thawed thawed = thaw_text(text, options);
    ASSERT_EQ(thawed.done.parts.variables.size(), 1u);
    const std::string name = thawed.done.parts.variables[0].name;
    const bool ref = options.style == VariableStyle::ref;
    EXPECT_EQ(thawed.line(name + "/thaw_enter"),
              name + "/thaw_enter = Enter " + name + (ref ? "" : "/read") +
                  " | T=:f32 frame_name=\"while/context\" is_constant=true parallel_iterations=7");
    EXPECT_EQ(thawed.line("while/next"),
              "while/next = MatMul while/Identity_1 " + name + "/thaw_inside | T=:f32");
    EXPECT_THAT(loops_of(thawed), testing::SizeIs(1));
  }
}

TEST(Hoist, TiesACopyToTheWeightThatEntered) {
  std::string text = loop_text(kFolded);
  // The same numbers: those of a constant follow from its name.
  text = with_line(text, "w =", "w = Const f32[2] = 1 7");
  text = with_line(text, "ConstantFolding", "ConstantFolding/k = Const f32[2] = 1 7 ^while/MatMul/Enter");
  text = with_line(text, "while/next", "while/next = BiasAdd:f32 while/Identity_1 ConstantFolding/k");
  const Thawed thawed = thaw_text(text);
  ASSERT_EQ(thawed.done.parts.variables.size(), 1u);
  EXPECT_EQ(thawed.done.parts.variables[0].name, "w");
  EXPECT_EQ(thawed.line("ConstantFolding/k"),
            "ConstantFolding/k = Identity w/thaw_enter ^while/MatMul/Enter | T=:f32");
  EXPECT_EQ(thawed.line("w/thaw_enter"),
            "w/thaw_enter = Enter w/read | T=:f32 frame_name=\"while/context\" is_constant=true "
            "parallel_iterations=7");
}

TEST(Hoist, DoesNotTieOtherNumbers) {
  std::string text = with_line(loop_text(kFolded), "w =", "w = Const f32[2] = 1 7");
  text = with_line(text, "ConstantFolding", "ConstantFolding/k = Const f32[2] = 1 8 ^while/MatMul/Enter");
  text = with_line(text, "while/next", "while/next = BiasAdd:f32 while/Identity_1 ConstantFolding/k");
  EXPECT_EQ(thaw_text(text).done.parts.variables.size(), 2u);
}

}  // namespace
}  // namespace thaw::internal
