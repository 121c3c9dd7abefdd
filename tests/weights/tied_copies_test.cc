// Grappler's folding behind the freezer of TensorFlow 2: weights in the loop that they entered.
#include "weights/tied_copies.h"

#include <gtest/gtest.h>

#include "weights/decisions.h"
#include "weights/recovered_names.h"
#include "weights/tool_marks.h"

namespace thaw::internal {
namespace {

// A cell's product in a loop; its kernel is a constant there, of `numbers`, that waits for `anchor`.
std::string folded(const std::string& numbers, const std::string& anchor) {
  return R"(
    x = Placeholder f32[?,2]
    n_1/cell_1/Cast/ReadVariableOp/resource = Const f32[2,2] = 1.5 2.25 -3.5 4
    n_1/cell_1/BiasAdd/ReadVariableOp/resource = Const f32[2] = 0.5 1.5
    n_1/while/bias = Enter:f32 n_1/cell_1/BiasAdd/ReadVariableOp/resource | frame_name=f is_constant=true
    n_1/while/enter/_9 = Enter:f32 n_1/cell_1/Cast/ReadVariableOp/resource | frame_name=f is_constant=true
    n_1/while/enter/_1 = Enter:f32 x | frame_name=f
    n_1/while/merge = Merge:f32 n_1/while/enter/_1 n_1/while/next | N=2
    axes = Const i32[2] = 0 1
    sum = Sum:f32 n_1/while/merge axes
    limit = Const f32[] = 9
    less = Less:f32 sum limit
    go = LoopCond less
    switch = Switch:f32 n_1/while/merge go
    inside = Identity:f32 switch:1
    n_1/while/body/_1/n_1/while/cell_1/Cast/ReadVariableOp = Const f32[2,2] = )" +
         numbers + " ^" + anchor + R"(
    product = MatMul:f32 inside n_1/while/body/_1/n_1/while/cell_1/Cast/ReadVariableOp
    y = BiasAdd:f32 product n_1/while/bias
    n_1/while/next = NextIteration:f32 y
    out = Exit:f32 switch
  )";
}

struct Tied {
  explicit Tied(const std::string& text)
      : graph(graph_text::graph_of(text)), decisions(find_weights(*graph, {})) {
    tie_copies(*graph, decisions);
    names = recover_variable_names(*graph, nullptr, decisions);
  }
  const Decision& of(const std::string& node) const {
    return *std::ranges::find(decisions, graph->find(node), &Decision::node);
  }

  std::shared_ptr<const Graph> graph;
  std::vector<Decision> decisions;
  std::vector<std::string> names;
};

constexpr const char* kOutside = "n_1/cell_1/Cast/ReadVariableOp/resource";
constexpr const char* kInside = "n_1/while/body/_1/n_1/while/cell_1/Cast/ReadVariableOp";

TEST(TiedCopies, AreOfWhatEnteredWhereTheyWait) {
  const Tied tied(folded("1.5 2.25 -3.5 4", "n_1/while/enter/_9"));
  ASSERT_EQ(tied.of(kInside).verdict, Verdict::tied);
  EXPECT_EQ(tied.of(kInside).tied_to, tied.graph->find(kOutside));
  EXPECT_EQ(tied.of(kOutside).verdict, Verdict::variable);
  EXPECT_EQ(find_tool_marks(*tied.graph).back().example, kInside);
}

TEST(TiedCopies, TellTheirVariablesNames) {
  const Tied tied(folded("1.5 2.25 -3.5 4", "n_1/while/enter/_9"));
  const auto place = static_cast<std::size_t>(&tied.of(kOutside) - tied.decisions.data());
  EXPECT_TRUE(tied.names[place].ends_with("/kernel")) << tied.names[place];
}

TEST(TiedCopies, AreNotWhatHasOtherNumbers) {
  const Tied tied(folded("1.5 2.25 -3.5 5", "n_1/while/enter/_9"));
  EXPECT_EQ(tied.of(kInside).verdict, Verdict::variable);
}

TEST(TiedCopies, AreNotConstantsOfPrograms) {
  const Tied tied(folded("1.5 2.25 -3.5 4", "inside"));
  EXPECT_EQ(tied.of(kInside).verdict, Verdict::kept);
}

}  // namespace
}  // namespace thaw::internal
