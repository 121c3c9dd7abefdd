// _SwitchN written out as Switches, and what several branches give joined in pairs.
#include "passes/expand_cases.h"

#include <gmock/gmock.h>

#include <functional>

#include "compare/prove_cases.h"
#include "passes/control_flow.h"
#include "support/throws_error.h"
#include "verbs/warn_of_gradients.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

const std::string kCase = R"(
  i = Placeholder i32[]
  x = Placeholder f32[?,3]
  w = Const f32[3,3]
  w/read = Identity:f32 w
  turn = _SwitchN:i32 i i ^x | num_outs=3
  pivot_0 = Identity:i32 turn
  pivot_1 = Identity:i32 turn:1
  pivot_2 = Identity:i32 turn:2
  data = _SwitchN:f32 x i | num_outs=3
  weight = _SwitchN:f32 w/read i | num_outs=3
  a = MatMul:f32 data weight ^pivot_0
  b = Tanh:f32 data:1
  c = Identity:f32 data:2
  merge = Merge:f32 a b c ^turn | N=3
  out = Identity:f32 merge
)";

ThawOptions expanding() {
  ThawOptions options;
  options.expand_cells = true;
  return options;
}

TEST(ExpandCases, AChainOfSwitches) {
  const auto graph = graph_text::graph_of(kCase);
  const ExpandedCells done = expand_cases(graph);
  prove_cases(*graph, *done.graph);
  EXPECT_THAT(
      node_lines::lines_of(*done.graph),
      IsSupersetOf(
          {"turn = Switch i i/thaw_is_0 ^x | T=:i32", "pivot_0 = Identity turn:1 | T=:i32",
           "pivot_1 = Identity turn/expanded/1:1 | T=:i32", "pivot_2 = Identity turn/expanded/1 | T=:i32",
           "turn/expanded/1 = Switch turn i/thaw_is_1 | T=:i32",
           "data/expanded/1 = Switch data i/thaw_is_1 | T=:f32",
           "i/thaw_branch_0 = Const ^i | dtype=:i32 value=i32[]{0}",
           "i/thaw_is_0 = Equal i i/thaw_branch_0 | T=:i32", "i/thaw_index_1 = Switch i i/thaw_is_0 | T=:i32",
           "i/thaw_branch_1 = Const ^i | dtype=:i32 value=i32[]{1}",
           "i/thaw_is_1 = Equal i/thaw_index_1 i/thaw_branch_1 | T=:i32"}));
}

TEST(ExpandCases, BranchesAreJoinedInPairs) {
  const Thawed thawed = thaw_text(kCase, expanding());
  EXPECT_THAT(thawed.line("merge"), HasSubstr("= Merge merge/thaw_pair a ^turn | N=2"));
  EXPECT_THAT(thawed.line("merge/thaw_pair"), HasSubstr("= Merge c b | N=2"));
  EXPECT_EQ(branches_of(thawed).size(), 2u);
  ASSERT_TRUE(thawed.done.control_flow);
  EXPECT_EQ(thawed.done.control_flow->blocked_conds, 0u);
  EXPECT_THAT(warn_of_gradients(thawed.done), IsEmpty());
}

TEST(ExpandCases, WhoAsksForTheBranchKeepsTheMerge) {
  const Thawed thawed = thaw_text(kCase + "  which = Identity:i32 merge:1\n", expanding());
  EXPECT_THAT(thawed.line("merge"), HasSubstr("= Merge a b c ^turn | N=3"));
  EXPECT_THAT(warn_of_gradients(thawed.done), ElementsAre(HasSubstr("joins more than two branches")));
}

TEST(ExpandCases, AnIndexThatIsTurnedItself) {
  const auto graph = graph_text::graph_of(R"(
  i = Placeholder i32[]
  x = Placeholder f32[?,3]
  outer = _SwitchN:i32 i i | num_outs=2
  inner = _SwitchN:f32 x outer:1 | num_outs=2
  other = _SwitchN:f32 x outer | num_outs=3
  a = Identity:f32 inner
  b = Identity:f32 other:2
)");
  const ExpandedCells done = expand_cases(graph);
  prove_cases(*graph, *done.graph);
  EXPECT_THAT(node_lines::lines_of(*done.graph),
              IsSupersetOf({"outer/thaw_is_0 = Equal outer outer/thaw_branch_0 | T=:i32",
                            "a = Identity inner:1 | T=:f32", "b = Identity other/expanded/1 | T=:f32"}));
}

TEST(ExpandCases, OnlyWhenAskedFor) {
  EXPECT_THAT(
      warn_of_gradients(thaw_text(kCase).done),
      ElementsAre("TensorFlow has no gradient for _SwitchN (node 'turn' and 2 more): weights before it "
                  "do not train; --expand-cells writes it out"));
}

TEST(ExpandCases, WhatTurnsToOneBranchStays) {
  const auto graph = graph_text::graph_of("i = Placeholder i32[]\nn = _SwitchN:i32 i i | num_outs=1\n");
  EXPECT_EQ(expand_cases(graph).graph, graph);
}

using Edit = std::function<void(NodeDef&)>;

std::shared_ptr<const Graph> with_edit(const Graph& graph, NodeId changed, const Edit& edit) {
  std::string bytes;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    NodeDef node = graph.node_def(id);
    if (id == changed) edit(node);
    bytes += encode_graph_node(node).bytes();
  }
  return graph_text::read_graph(memory_source(bytes));
}

TEST(ExpandCases, TheProofSeesEveryDifference) {
  const auto graph = graph_text::graph_of(kCase);
  const ExpandedCells done = expand_cases(graph);
  const auto refuses = [&](NodeId id, const Edit& edit) {
    EXPECT_THROW(prove_cases(*graph, *with_edit(*done.graph, id, edit)), Error) << done.graph->name(id);
  };
  for (NodeId id = 0; id < done.graph->node_count(); ++id) {
    refuses(id, [](NodeDef& node) { node.device = "/elsewhere"; });
    for (std::size_t slot = 0; slot < done.graph->inputs(id).size(); ++slot)
      refuses(id, [&](NodeDef& node) { node.inputs[slot] = node.inputs[slot][0] == '^' ? "^w" : "x:7"; });
  }
}

}  // namespace
}  // namespace thaw::internal
