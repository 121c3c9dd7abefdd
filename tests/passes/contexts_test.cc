// Contexts told from the nodes alone, and the messages about them.
#include <gmock/gmock.h>

#include "passes/control_flow.h"

namespace thaw::internal {
namespace {

using graph_text::cond_text;
using graph_text::loop_text;
using graph_text::with_line;
using testing::Contains;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

TEST(Contexts, DescribeALoop) {
  const Thawed thawed = thaw_text(loop_text());
  const auto loops = loops_of(thawed);
  ASSERT_EQ(loops.size(), 1u);
  const oracle::WhileContextDef& loop = loops[0];
  EXPECT_EQ(loop.context_name(), "while/context");
  EXPECT_EQ(loop.parallel_iterations(), 7);
  EXPECT_TRUE(loop.back_prop());
  EXPECT_EQ(loop.pivot_name(), "while/LoopCond:0");
  EXPECT_EQ(loop.pivot_for_pred_name(), "while/Merge:0");
  EXPECT_EQ(loop.pivot_for_body_name(), "while/Identity:0");
  EXPECT_THAT(loop.loop_enter_names(), ElementsAreArray({"while/Enter:0", "while/Enter_1:0"}));
  EXPECT_THAT(loop.loop_exit_names(), ElementsAreArray({"while/Exit:0", "while/Exit_1:0"}));
  EXPECT_THAT(loop.values_def().external_values(), ElementsAre(Pair("w/read:0", "while/MatMul/Enter:0")));
  EXPECT_THAT(loop.values_def().values(), Contains("while/Switch_1:1"));
  EXPECT_THAT(loop.values_def().values(), Contains("w/read:0"));
  EXPECT_THAT(loop.values_def().values(), Not(Contains("x:0")));
  EXPECT_THAT(branches_of(thawed), IsEmpty());
  EXPECT_THAT(thawed.done.plan.warnings, IsEmpty());
}

TEST(Contexts, DescribeTheBranchesOfACond) {
  const Thawed thawed = thaw_text(cond_text());
  const auto branches = branches_of(thawed);
  ASSERT_EQ(branches.size(), 2u);
  EXPECT_EQ(branches[0].branch(), 1);
  EXPECT_EQ(branches[0].context_name(), "cond/cond_text");
  EXPECT_EQ(branches[0].pivot_name(), "cond/switch_t:0");
  EXPECT_EQ(branches[0].pred_name(), "cond/pred_id:0");
  EXPECT_EQ(branches[1].branch(), 0);
  EXPECT_EQ(branches[1].pivot_name(), "cond/switch_f:0");
  EXPECT_THAT(branches[0].values_def().values(),
              UnorderedElementsAreArray({"cond/MatMul/Switch:1", "cond/MatMul/Switch_1:1", "cond/MatMul:0",
                                         "cond/switch_t:0", "cond/pred_id:0", "x:0", "w/read:0"}));
  EXPECT_THAT(
      branches[0].values_def().external_values(),
      UnorderedElementsAre(Pair("cond/pred_id:0", "cond/pred_id:0"), Pair("x:0", "cond/MatMul/Switch:1"),
                           Pair("w/read:0", "cond/MatMul/Switch_1:1")));
  EXPECT_THAT(repairs_of(thawed), IsEmpty());
}

TEST(Contexts, AreThoseOfTheDraftInItsScope) {
  ThawOptions options;
  options.scope = "new";
  const auto loops = loops_of(thaw_text(loop_text(), options));
  ASSERT_EQ(loops.size(), 1u);
  EXPECT_EQ(loops[0].context_name(), "new/while/context");
  EXPECT_THAT(loops[0].loop_exit_names(), ElementsAreArray({"new/while/Exit:0", "new/while/Exit_1:0"}));
}

TEST(Contexts, LieWithinEachOther) {
  const std::string inner = R"(
  half = Const f32[1] = 0.5
  while/p = Less:f32 while/Identity_1 while/p/y
  while/p/y = Enter:f32 half | frame_name=while/context is_constant=true parallel_iterations=7
  while/in = Switch:f32 while/Identity_1 while/p
  while/weight = Switch:f32 while/MatMul/Enter while/p
  while/product = MatMul:f32 while/in:1 while/weight:1
  while/same = Switch:f32 while/Identity_1 while/p
  while/next = Merge:f32 while/same while/product | N=2
)";
  const Thawed thawed = thaw_text(loop_text(inner));
  const auto loops = loops_of(thawed);
  ASSERT_EQ(loops.size(), 1u);
  EXPECT_THAT(branches_of(thawed), IsEmpty());
  ASSERT_EQ(loops[0].nested_contexts_size(), 2);
  const oracle::CondContextDef& taken = loops[0].nested_contexts(0).cond_ctxt();
  EXPECT_EQ(taken.branch(), 1);
  EXPECT_EQ(taken.pred_name(), "while/p:0");
  EXPECT_EQ(taken.pivot_name(), "while/p/thaw_switch_t:0");
  EXPECT_THAT(taken.values_def().external_values(), Contains(Pair("w/read:0", "while/weight:1")));
  EXPECT_THAT(repairs_of(thawed), testing::IsSupersetOf({"X5 while/p/thaw_switch", "X5 while/p/thaw_switch_t",
                                                         "X5 while/p/thaw_switch_f"}));
}

struct OddGraph {
  const char* what;
  std::string text;
  std::string problem;
};

class OddGraphs : public testing::TestWithParam<OddGraph> {};

// Without a context TensorFlow refuses the gradient: never a wrong one.
TEST_P(OddGraphs, GetNoContext) {
  const Thawed thawed = thaw_text(GetParam().text);
  ASSERT_TRUE(thawed.done.control_flow.has_value());
  EXPECT_THAT(thawed.done.control_flow->problems, ElementsAre(HasSubstr(GetParam().problem)));
  EXPECT_THAT(loops_of(thawed), IsEmpty());
  EXPECT_THAT(branches_of(thawed), IsEmpty());
}

// The same loop once more behind itself, in a frame of the same name.
std::string two_loops_of_one_name() {
  std::string second = loop_text();
  second.erase(0, second.find("  zero ="));
  for (std::size_t at = 0; (at = second.find("while/", at)) != std::string::npos; at += 8) {
    if (second.compare(at - 1, 15, "=while/context ") != 0) second.replace(at, 6, "again/");
  }
  second = with_line(second, "zero", "");
  second = with_line(second, "out", "out_2 = Identity:f32 again/Exit_1");
  return loop_text() + with_line(second, "again/Enter_1",
                                 "again/Enter_1 = Enter:f32 while/Exit_1 | frame_name=while/context "
                                 "is_constant=false parallel_iterations=7");
}

const OddGraph kOddGraphs[] = {
    {"TwoLoopsOfOneName", two_loops_of_one_name(), "frame 'while/context' is entered from its own end"},
    {"ReadsBothBranches",
     with_line(cond_text(), "cond/Merge", "cond/Merge = Add:f32 cond/MatMul_1 cond/MatMul"),
     "node 'cond/Merge' reads two loops or branches"},
    {"NothingEndsTheLoop",
     with_line(loop_text(), "while/LoopCond", "while/LoopCond = Identity:bool while/Less"),
     "is cut: nothing ends it"},
    {"NothingComesRound",
     with_line(with_line(with_line(loop_text(), "while/NextIteration_1", ""), "while/Merge_1",
                         "while/Merge_1 = Identity:f32 while/Enter_1"),
               "while/Merge ", "while/Merge = Identity:i32 while/Enter"),
     "is cut: nothing comes round in it"},
    {"ReverseAndTelling",
     with_line(cond_text(), "cond/Merge",
               "cond/Merge = Merge:f32 cond/MatMul cond/MatMul_1 | N=2\n  which = Identity:i32 cond/Merge:1"),
     "node 'cond/Merge' takes its branches in reverse"},
};

INSTANTIATE_TEST_SUITE_P(Contexts, OddGraphs, testing::ValuesIn(kOddGraphs),
                         [](const auto& tested) { return tested.param.what; });

TEST(Contexts, NameWhatHasNoGradient) {
  const Thawed thawed = thaw_text(loop_text(R"(
  while/product = MatMul:f32 while/Identity_1 while/MatMul/Enter
  while/next = Bucketize:f32 while/product
)"));
  ASSERT_TRUE(thawed.done.control_flow.has_value());
  const ReportedControlFlow& found = *thawed.done.control_flow;
  ASSERT_EQ(found.loops.size(), 1u);
  EXPECT_EQ(found.loops[0].variables, 2u);
  EXPECT_EQ(found.loops[0].depth, 1u);
}

}  // namespace
}  // namespace thaw::internal
