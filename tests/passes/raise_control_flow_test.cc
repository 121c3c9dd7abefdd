// Loops become While and conds If, each with all that it needs and nothing else.
#include <gmock/gmock.h>

#include "passes/raised.h"

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

TEST(RaiseControlFlow, MakesAWhileOfALoop) {
  const RaisedGraph done = raise_text(loop_text(), {"w"});
  EXPECT_EQ(done.raised.loops, 1U);
  EXPECT_THAT(done.raised.left, IsEmpty());
  EXPECT_EQ(done.line("while/Exit_1"), "while/Exit_1 = Identity while/thaw_while:3 | T=:f32");
  EXPECT_THAT(done.graph->node_def(done.graph->find("while/thaw_while")).inputs,
              ElementsAreArray({"while/thaw_while/loop_counter", "while/thaw_while/maximum_iterations",
                                "zero", "x", "w/read"}));
  EXPECT_EQ(done.graph->op(done.graph->find("while/thaw_while")), "StatelessWhile");
  EXPECT_THAT(done.ops(), Not(Contains("Switch")));
  EXPECT_FALSE(done.has("while/LoopCond"));
  EXPECT_THAT(
      done.function("f_while_thaw_while_cond"),
      ElementsAreArray({"take loop_counter:i32 maximum_iterations:i32 v0:i32 v1:f32 c0:f32",
                        "while/Less/y = Const | dtype=:i32 value=i32[1]{5}",
                        "while/Less = Less v0 while/Less/y:output:0 | T=:i32", "give while/Less:z:0"}));
  EXPECT_THAT(
      done.function("f_while_thaw_while_body"),
      ElementsAreArray(
          {"take loop_counter:i32 maximum_iterations:i32 v0:i32 v1:f32 c0:f32",
           "while/Identity = Identity v0 | T=:i32", "while/add/y = Const | dtype=:i32 value=i32[1]{1}",
           "while/add = Add while/Identity:output:0 while/add/y:output:0 | T=:i32",
           "while/Identity_1 = Identity v1 | T=:f32",
           "while/next = MatMul while/Identity_1:output:0 c0 | T=:f32",
           "one = Const | dtype=:i32 value=i32[]{1}", "next_round = AddV2 loop_counter one:output:0 | T=:i32",
           "give next_round:z:0 maximum_iterations while/add:z:0 while/next:product:0 c0"}));
}

TEST(RaiseControlFlow, NotesTheShapesThatItKnows) {
  const RaisedGraph loop = raise_text(loop_text(), {"w"});
  EXPECT_THAT(loop.line("while/thaw_while"), HasSubstr("output_shapes=[(),(),(1),(?,3),(3,3)]"));
  const RaisedGraph cond = raise_text(cond_text(), {"w", "u"});
  EXPECT_THAT(cond.line("cond/thaw_if"), HasSubstr("output_shapes=[(?,3)]"));
}

struct Bound {
  const char* begins;  // the line that is replaced
  const char* by;
  const char* rounds;
};

class RaisedRounds : public testing::TestWithParam<Bound> {};

TEST_P(RaisedRounds, AreBoundedOnlyWhereThatIsSure) {
  const auto& [begins, by, rounds] = GetParam();
  const RaisedGraph done = raise_text(with_line(loop_text(), begins, by), {"w"});
  EXPECT_EQ(done.raised.loops, 1U);
  EXPECT_EQ(
      done.line("while/thaw_while/maximum_iterations"),
      "while/thaw_while/maximum_iterations = Const | dtype=:i32 value=i32[]{" + std::string(rounds) + "}");
}

INSTANTIATE_TEST_SUITE_P(
    All, RaisedRounds,
    testing::Values(Bound{"nothing", "", "5"}, Bound{"zero =", "zero = Const i32[1] = 2", "3"},
                    Bound{"zero =", "zero = Const i32[1] = 9", "0"},
                    Bound{"zero =", "zero = Placeholder i32[1]", "-1"},
                    Bound{"while/add =", "while/add = Sub:i32 while/Identity while/add/y", "-1"},
                    Bound{"while/add =", "while/add = Add:i32 while/add/y while/Identity", "5"},
                    Bound{"while/add/y =", "while/add/y = Const i32[1] = 2 ^while/Identity", "-1"},
                    Bound{"while/add =", "while/add = Add:i32 while/add/y while/add/y", "-1"},
                    Bound{"while/Less =", "while/Less = LessEqual:i32 while/Merge while/Less/y", "-1"},
                    Bound{"while/Less =", "while/Less = Less:i32 while/Less/y while/Merge", "-1"}));

TEST(RaiseControlFlow, MakesAnIfOfACond) {
  const RaisedGraph done = raise_text(cond_text(), {"w", "u"});
  EXPECT_EQ(done.raised.conds, 1U);
  EXPECT_EQ(done.line("cond/Merge"), "cond/Merge = Identity cond/thaw_if | T=:f32");
  EXPECT_THAT(done.graph->node_def(done.graph->find("cond/thaw_if")).inputs,
              ElementsAreArray({"cond/pred_id", "x", "u/read", "w/read"}));
  EXPECT_THAT(done.function("f_cond_thaw_if_else"),
              ElementsAreArray({"take c0:f32 c1:f32 c2:f32", "cond/MatMul_1 = MatMul c0 c1 | T=:f32",
                                "give cond/MatMul_1:product:0"}));
  EXPECT_THAT(done.function("f_cond_thaw_if_then"),
              ElementsAreArray({"take c0:f32 c1:f32 c2:f32", "cond/MatMul = MatMul c0 c2 | T=:f32",
                                "give cond/MatMul:product:0"}));
}

TEST(RaiseControlFlow, TellsWhichBranchItWas) {
  const RaisedGraph done = raise_text(cond_text() + "  which = Identity:i32 cond/Merge:1\n");
  EXPECT_EQ(done.line("which"), "which = Identity cond/thaw_if:1 | T=:i32");
  EXPECT_EQ(done.function("f_cond_thaw_if_else").back(), "give cond/MatMul_1:product:0 branch_0:output:0");
  EXPECT_EQ(done.function("f_cond_thaw_if_then").back(), "give cond/MatMul:product:0 branch_1:output:0");
}

TEST(RaiseControlFlow, MakesOneIfOfResultsThatShareANode) {
  const std::string shared =
      "  cond/a = Tanh:f32 cond/MatMul\n  cond/b = Tanh:f32 cond/MatMul_1\n"
      "  cond/Merge_1 = Merge:f32 cond/b cond/a | N=2\n";
  const RaisedGraph done = raise_text(cond_text() + shared);
  EXPECT_EQ(done.raised.conds, 1U);
  EXPECT_EQ(done.line("cond/Merge_1"), "cond/Merge_1 = Identity cond/thaw_if:1 | T=:f32");
}

TEST(RaiseControlFlow, MakesTwoIfsOfResultsThatShareNone) {
  const std::string apart =
      "  cond/s = Switch:f32 x cond/pred_id\n  cond/a = Tanh:f32 cond/s:1\n"
      "  cond/Merge_1 = Merge:f32 cond/s cond/a | N=2\n";
  const RaisedGraph done = raise_text(cond_text() + apart);
  EXPECT_EQ(done.raised.conds, 2U);
  EXPECT_EQ(done.line("cond/Merge_1"), "cond/Merge_1 = Identity cond/thaw_if_1 | T=:f32");
}

// The second result takes the first, and an optimiser has made one of two nodes that are the same.
TEST(RaiseControlFlow, UntiesResultsThatTakeFromEachOther) {
  const std::string second =
      "  cond/s = Switch:f32 cond/Merge cond/pred_id\n  cond/a = AddV2:f32 cond/s:1 cond/MatMul\n"
      "  cond/Merge_1 = Merge:f32 cond/s cond/a | N=2\n";
  const RaisedGraph done = raise_text(cond_text() + second);
  EXPECT_EQ(done.raised.conds, 2U);
  EXPECT_THAT(left_in(done), IsEmpty());
  EXPECT_THAT(done.function("f_cond_thaw_if_1_then"),
              Contains("cond/a = AddV2 c0 cond/MatMul:product:0 | T=:f32"));
}

TEST(RaiseControlFlow, HandsAWeightInsideIn) {
  const std::string inside = with_line(loop_text("while/next = MatMul:f32 while/Identity_1 inner\n"), "zero",
                                       "zero = Const i32[1] = 0\n  inner = Const f32[3,3] ^while/Identity");
  const RaisedGraph done = raise_text(inside, {"inner"});
  EXPECT_THAT(done.graph->node_def(done.graph->find("inner")).inputs, IsEmpty());
  EXPECT_EQ(done.graph->node_def(done.graph->find("while/thaw_while")).inputs.back(), "inner");
  EXPECT_THAT(done.function("f_while_thaw_while_body"),
              Contains("while/next = MatMul while/Identity_1:output:0 c0 | T=:f32"));
}

TEST(RaiseControlFlow, ReadsTheWeightInPlaceOfItsCopy) {
  const std::string inside = with_line(loop_text("while/next = MatMul:f32 while/Identity_1 inner\n"), "zero",
                                       "zero = Const i32[1] = 0\n  inner = Const f32[3,3] ^while/Identity");
  const RaisedGraph done = raise_text(inside, {"w"}, {{"inner", "w"}});
  EXPECT_FALSE(done.has("inner"));
  EXPECT_EQ(done.graph->node_def(done.graph->find("while/thaw_while")).inputs.back(), "w");
}

TEST(RaiseControlFlow, CopiesSmallConstantsInsteadOfPassingThem) {
  const std::string text =
      with_line(loop_text("while/next = AddV2:f32 while/Identity_1 half/in\n"), "zero",
                "zero = Const i32[1] = 0\n  half = Const f32[] = 0.5\n"
                "  half/in = Enter:f32 half | frame_name=while/context is_constant=true");
  const RaisedGraph done = raise_text(text);
  EXPECT_THAT(done.function("f_while_thaw_while_body"), Contains(HasSubstr("half = Const")));
  const RaisedGraph as_weight = raise_text(text, {"half"});
  EXPECT_THAT(as_weight.function("f_while_thaw_while_body"), Not(Contains(HasSubstr("half = Const"))));
}

TEST(RaiseControlFlow, KeepsEffectsOfRounds) {
  const std::string text =
      with_line(loop_text(), "while/NextIteration ",
                "while/say = Print:f32 while/Identity_1 | U=[]\n  while/wait = NoOp ^while/say\n"
                "  while/NextIteration = NextIteration:i32 while/add ^while/wait");
  const RaisedGraph done = raise_text(text);
  EXPECT_EQ(done.graph->op(done.graph->find("while/thaw_while")), "While");
  EXPECT_THAT(done.function("f_while_thaw_while_body"), Contains(HasSubstr("while/say = Print")));
  EXPECT_THAT(done.functions.at("f_while_thaw_while_body").rest, HasSubstr("while/wait"));
}

TEST(RaiseControlFlow, WaitsForWhatTheLoopWaitedFor) {
  const std::string text =
      with_line(loop_text(), "while/Enter ",
                "say = Print:f32 x | U=[]\n"
                "  while/Enter = Enter:i32 zero ^say | frame_name=while/context is_constant=false");
  const RaisedGraph done = raise_text(text);
  EXPECT_EQ(done.graph->node_def(done.graph->find("while/thaw_while")).inputs.back(), "^say");
}

TEST(RaiseControlFlow, ForgetsPlacesThatAreGone) {
  const RaisedGraph done =
      raise_text(loop_text() + "  near = Tanh:f32 x | _class=[loc:@while/next,loc:@w]\n");
  EXPECT_EQ(done.line("near"), "near = Tanh x | T=:f32 _class=[loc:@w]");
}

TEST(RaiseControlFlow, MovesCallsAlong) {
  const std::string text =
      loop_text("while/next = PartitionedCall while/Identity_1 | Tin=[:f32] Tout=[:f32] f=%half\n") +
      R"(
  function half x:f32 -> y:f32
    t = Tanh:f32 x
    return t:y:0
  end
)";
  const RaisedGraph done = raise_text(text);
  EXPECT_EQ(done.raised.loops, 1U);
  EXPECT_THAT(done.function("f_while_thaw_while_body"), Contains(HasSubstr("f=%half")));
  EXPECT_EQ(done.functions.count("half"), 1U);
}

// One graph is changed in one place; the loop stays as it was.
struct Irregular {
  const char* what;
  const char* begins;  // a line of loop_text
  const char* by;
  const char* why;
};

class RaiseNothing : public testing::TestWithParam<Irregular> {};

TEST_P(RaiseNothing, OfAnIrregularLoop) {
  const Irregular& irregular = GetParam();
  const std::string text = with_line(loop_text(), irregular.begins, irregular.by);
  const RaisedGraph done = raise_text(text, {"w"});
  EXPECT_EQ(done.raised.loops, 0U);
  EXPECT_THAT(left_in(done), ElementsAre(HasSubstr(irregular.why)));
  EXPECT_EQ(done.graph->node_count(), read_graph(memory_source(graph_text::graph_bytes(text)))->node_count());
  EXPECT_THAT(done.functions, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Loops, RaiseNothing,
    testing::Values(
        Irregular{"unknown", "while/next", "while/next = Wonder:f32 while/Identity_1 while/MatMul/Enter",
                  "operation 'Wonder' is unknown"},
        Irregular{"first round", "while/MatMul/Enter",
                  "while/MatMul/Enter = Enter:f32 w/read | frame_name=while/context is_constant=false",
                  "what the first round alone has is read in the loop"},
        Irregular{"leaves", "while/Exit_1", "while/Exit_1 = Exit:f32 while/MatMul/Enter",
                  "it gives something else than a variable of the loop"},
        Irregular{"two starts", "while/Merge_1",
                  "while/Merge_1 = Merge:f32 while/Enter_1 while/Enter_1 while/NextIteration_1 | N=3",
                  "a variable of a loop has not just two sources"},
        Irregular{"no start", "while/Merge_1 ", "while/Merge_1 = Merge:f32 while/NextIteration_1 | N=2",
                  "it reads what a loop or branch computes inside of itself"},
        Irregular{"end inside", "while/next", "while/next = Tanh:f32 while/Switch_1",
                  "it reads a loop's last value inside of it"},
        Irregular{"begun", "while/add ", "while/add = Add:i32 while/Merge:1 while/add/y",
                  "it is asked whether the loop has begun"},
        Irregular{"array", "while/add ",
                  "while/s = TensorArraySizeV3 while/handle while/Identity_1\n"
                  "  while/handle = VarHandleOp ^while/Identity | dtype=:f32\n"
                  "  while/add = Add:i32 while/s while/add/y",
                  "cannot become a TensorList here"}),
    [](const auto& tested) {
      std::string name = tested.param.what;
      std::ranges::replace(name, ' ', '_');
      return name;
    });

TEST(RaiseControlFlow, LeavesABranchThatNobodyMerges) {
  const RaisedGraph done = raise_text(cond_text() + "  end = Tanh:f32 cond/MatMul\n");
  EXPECT_EQ(done.raised.conds, 0U);
  EXPECT_THAT(left_in(done), ElementsAreArray({"end: it is in a branch, and nothing reads it behind that"}));
  EXPECT_THAT(done.ops(), Contains("Merge"));
}

TEST(RaiseControlFlow, RaisesWhatStandsBesideWhatItLeaves) {
  std::string loop = loop_text();
  for (const char* shared : {"x =", "w =", "w/read =", "out ="}) loop = with_line(loop, shared, "");
  const RaisedGraph done = raise_text(cond_text() + "  end = Tanh:f32 cond/MatMul\n" + loop);
  EXPECT_EQ(done.raised.loops, 1U);
  EXPECT_EQ(done.raised.conds, 0U);
  EXPECT_THAT(done.ops(), Contains("Merge"));
  EXPECT_FALSE(done.has("while/Merge"));
}

// An effect that both the condition and the body of a loop need would happen twice.
TEST(RaiseControlFlow, DoublesNoEffects) {
  const std::string text = with_line(with_line(loop_text(), "while/Less ",
                                               "while/say = Print:i32 while/Merge | U=[]\n"
                                               "  while/Less = Less:i32 while/say while/Less/y"),
                                     "while/add ", "while/add = Add:i32 while/say while/add/y");
  EXPECT_THAT(left_in(raise_text(text)),
              ElementsAreArray({"while/say: two functions would need it, and it has effects"}));
}

TEST(RaiseControlFlow, LeavesLoopsThatAreTooDeepInEachOther) {
  std::string text = "  x = Placeholder f32[3]\n  p = Placeholder bool[]\n";
  std::string inner = "x";
  constexpr int kDepth = 60;
  for (int i = 0; i < kDepth; ++i) {
    const std::string n = std::to_string(i);
    text += "  q" + n + " = Identity:bool p" + (i == 0 ? "" : " ^s" + std::to_string(i - 1)) + "\n";
    text += "  s" + n + " = Switch:f32 " + inner + " q" + n + "\n";
    inner = "s" + n + ":1";
  }
  text += "  end = Tanh:f32 " + inner + "\n";
  const RaisedGraph done = raise_text(text);
  EXPECT_EQ(done.raised.conds, 0U);
  EXPECT_FALSE(done.raised.left.empty());
}

}  // namespace
}  // namespace thaw::internal
