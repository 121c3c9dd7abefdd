// What all rounds of a loop have in common.
#include <gmock/gmock.h>

#include "passes/shape_inference.h"
#include "support/graph_text.h"

namespace thaw::internal {
namespace {

// `enter` is in the frame already, `body` computes what comes round from `merge`.
std::string one_loop(const std::string& body) {
  return "x = Placeholder f32[2,3]\nenter = Enter:f32 x | frame_name=f\n"
         "merge = Merge:f32 enter next | N=2\ngo = Placeholder bool[...]\nswitch = Switch:f32 merge go\n" +
         body + "\nnext = NextIteration:f32 round\nexit = Exit:f32 switch\n";
}

std::string shape_in_loop(const std::string& text, Bytes name) {
  const auto graph = graph_text::graph_of(text);
  return infer_loop_shapes(*graph).shape(graph->find(name), 0).to_string();
}

TEST(LoopShapes, StayWhatTheyAre) {
  const std::string text = one_loop("round = Relu:f32 switch:1");
  EXPECT_EQ(shape_in_loop(text, "merge"), "[2,3]");
  EXPECT_EQ(shape_in_loop(text, "exit"), "[2,3]");
}

TEST(LoopShapes, LoseADimensionThatGrows) {
  const std::string text =
      one_loop("one = Const f32[1,3]\naxis = Const i32[] = 0\nround = ConcatV2:f32 switch:1 one axis | N=2");
  EXPECT_EQ(shape_in_loop(text, "merge"), "[?,3]");
  EXPECT_EQ(shape_in_loop(text, "round"), "[?,3]");
}

TEST(LoopShapes, LoseARankThatChanges) {
  const std::string text =
      one_loop("axis = Const i32[] = 0\nround = ExpandDims:f32 switch:1 axis | Tdim=:i32");
  EXPECT_EQ(shape_in_loop(text, "merge"), "<unknown>");
}

TEST(LoopShapes, AreUnknownBehindUnknownOperations) {
  EXPECT_EQ(shape_in_loop(one_loop("round = MadeUpByUs switch:1"), "merge"), "<unknown>");
}

// The other order of the inputs, and a guess that does not fit what the body does with it.
TEST(LoopShapes, ForgetAGuessThatContradicts) {
  const std::string text =
      one_loop("w = Const f32[4,4]\nagain = MatMul:f32 switch:1 w\nround = Relu:f32 again");
  EXPECT_EQ(shape_in_loop(text, "merge"), "<unknown>");
}

TEST(LoopShapes, GoIntoLoopsInLoops) {
  const std::string inner =
      "in = Enter:f32 switch:1 | frame_name=g\nmerge2 = Merge:f32 back in | N=2\n"
      "switch2 = Switch:f32 merge2 go\none = Const f32[1,3]\naxis = Const i32[] = 0\n"
      "more = ConcatV2:f32 switch2:1 one axis | N=2\nback = NextIteration:f32 more\n"
      "round = Exit:f32 switch2";
  const std::string text = one_loop(inner);
  EXPECT_EQ(shape_in_loop(text, "merge2"), "[?,3]");
  EXPECT_EQ(shape_in_loop(text, "merge"), "[?,3]");
}

TEST(LoopShapes, GiveUpWhereEachPassLoosensOneMore) {
  std::string text = "x = Placeholder f32[2,3]\ngo = Placeholder bool[...]\n";
  for (int i = 0; i < 20; ++i) {
    const std::string n = std::to_string(i), from = i == 0 ? "x" : "e" + std::to_string(i - 1);
    text += "i" + n + " = Enter:f32 " + from + " | frame_name=f" + n + "\nm" + n + " = Merge:f32 i" + n +
            " n" + n + " | N=2\ns" + n + " = Switch:f32 m" + n + " go\nn" + n + " = NextIteration:f32 " +
            (i == 19 ? "x" : "m" + std::to_string(i + 1)) + "\ne" + n + " = Exit:f32 s" + n + "\n";
  }
  const auto graph = graph_text::graph_of(text);
  EXPECT_EQ(infer_loop_shapes(*graph).nodes.size(), graph->node_count());
}

}  // namespace
}  // namespace thaw::internal
