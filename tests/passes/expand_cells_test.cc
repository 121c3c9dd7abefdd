// Cells written out: which operations take their place, under which names.
#include "passes/expand_cells.h"

#include <gmock/gmock.h>

#include "compare/prove_cells.h"
#include "passes/thawed.h"
#include "support/throws_error.h"
#include "verbs/warn_of_gradients.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kGru = R"(
  x = Placeholder f32[2,3]
  h = Placeholder f32[2,4]
  w_ru = Const f32[7,8]
  w_c = Const f32[7,4]
  b_ru = Const f32[8]
  b_c = Const f32[4]
  cell = GRUBlockCell:f32 x h w_ru w_c b_ru b_c ^x @/cpu:0
  out = Identity:f32 cell:3
)";

std::string lstm(const std::string& attrs) {
  return R"(
  x = Placeholder f32[2,3]
  c = Placeholder f32[2,4]
  h = Placeholder f32[2,4]
  w = Const f32[7,16]
  p = Const f32[4]
  b = Const f32[16]
  cell = LSTMBlockCell:f32 x c h w p p p b | )" +
         attrs + "\n  out = Identity:f32 cell:6\n";
}

Lines expanded_lines(const std::string& text) {
  const auto graph = graph_text::graph_of(text);
  const ExpandedCells done = expand_cells(graph);
  prove_cells(*graph, *done.graph);
  Lines lines;
  for (NodeId id = 0; id < done.graph->node_count(); ++id) {
    const bool is_new = id >= graph->node_count() || done.graph->name(id) == "cell";
    if (is_new) lines.push_back(node_lines::line_of(done.graph->node_def(id)));
  }
  for (std::string& line : lines) {
    for (std::size_t at; (at = line.find("cell/expanded/")) != std::string::npos;) line.replace(at, 14, "~");
  }
  return lines;
}

TEST(ExpandCells, AGru) {
  EXPECT_THAT(
      expanded_lines(kGru),
      ElementsAre("cell = IdentityN ~r ~u ~c ~h ^x | T=[:f32,:f32,:f32,:f32] @/cpu:0",
                  "~gates/product/axis = Const | dtype=:i32 value=i32[]{1} @/cpu:0",
                  "~gates/product/inputs = ConcatV2 x h ~gates/product/axis | N=2 T=:f32 Tidx=:i32 @/cpu:0",
                  "~gates/product = MatMul ~gates/product/inputs w_ru | T=:f32 transpose_a=false "
                  "transpose_b=false @/cpu:0",
                  "~gates/product/biased = BiasAdd ~gates/product b_ru | T=:f32 @/cpu:0",
                  "~gates/axis = Const | dtype=:i32 value=i32[]{1} @/cpu:0",
                  "~gates = Split ~gates/axis ~gates/product/biased | T=:f32 num_split=2 @/cpu:0",
                  "~r = Sigmoid ~gates | T=:f32 @/cpu:0", "~u = Sigmoid ~gates:1 | T=:f32 @/cpu:0",
                  "~reset = Mul h ~r | T=:f32 @/cpu:0",
                  "~c/product/axis = Const | dtype=:i32 value=i32[]{1} @/cpu:0",
                  "~c/product/inputs = ConcatV2 x ~reset ~c/product/axis | N=2 T=:f32 Tidx=:i32 @/cpu:0",
                  "~c/product = MatMul ~c/product/inputs w_c | T=:f32 transpose_a=false transpose_b=false "
                  "@/cpu:0",
                  "~c/product/biased = BiasAdd ~c/product b_c | T=:f32 @/cpu:0",
                  "~c = Tanh ~c/product/biased | T=:f32 @/cpu:0", "~h/difference = Sub h ~c | T=:f32 @/cpu:0",
                  "~h/kept = Mul ~u ~h/difference | T=:f32 @/cpu:0", "~h = Add ~h/kept ~c | T=:f32 @/cpu:0"));
}

// Operations, by what the attributes ask for.
std::string ops(const std::string& attrs) {
  std::string all;
  for (const std::string& line : expanded_lines(lstm(attrs))) {
    const std::size_t op = line.find("= ") + 2;
    all += line.substr(op, line.find(' ', op) - op) + " ";
  }
  return all;
}

TEST(ExpandCells, AnLstm) {
  const std::string head = "IdentityN Const ConcatV2 MatMul BiasAdd Const Split Const Add ";
  EXPECT_EQ(ops("cell_clip=0.0 use_peephole=false"),
            head + "Sigmoid Tanh Sigmoid Mul Mul Add Tanh Sigmoid Mul ");
  // The default clips (core/ops/rnn_ops.cc).
  EXPECT_EQ(ops("use_peephole=false"),
            head + "Sigmoid Tanh Sigmoid Mul Mul Add Const Const ClipByValue Tanh Sigmoid Mul ");
  EXPECT_EQ(ops("cell_clip=-1.0 use_peephole=true"),
            head + "Mul Add Mul Add Sigmoid Tanh Sigmoid Mul Mul Add Tanh Mul Add Sigmoid Mul ");
}

TEST(ExpandCells, NumbersComeFromTheAttributes) {
  const Lines lines = expanded_lines(lstm("forget_bias=0.25 cell_clip=0.5"));
  EXPECT_THAT(lines, testing::IsSupersetOf({"~forget_bias/value = Const | dtype=:f32 value=f32[]{0.25}",
                                            "~cs/least = Const | dtype=:f32 value=f32[]{-0.5}",
                                            "~cs/most = Const | dtype=:f32 value=f32[]{0.5}"}));
}

TEST(ExpandCells, ConstantsInLoopsWaitForTheLoop) {
  const Lines lines = expanded_lines(kGru + "in = Enter:f32 out | frame_name=loop\n");
  EXPECT_THAT(lines[1], HasSubstr("Const ^x"));
}

TEST(ExpandCells, OnlyWhenAskedFor) {
  const Thawed without = thaw_text(kGru);
  EXPECT_THAT(without.line("cell"), HasSubstr("= GRUBlockCell"));
  EXPECT_THAT(warn_of_gradients(without.done),
              ElementsAre("TensorFlow has no gradient for GRUBlockCell (node 'cell'): weights before it do "
                          "not train; --expand-cells writes it out"));
  ThawOptions options;
  options.expand_cells = true;
  const Thawed with = thaw_text(kGru, options);
  EXPECT_THAT(with.line("cell"), HasSubstr("= IdentityN"));
  EXPECT_TRUE(warn_of_gradients(with.done).empty());
  // The weights are those of the cell.
  EXPECT_EQ(with.done.plan.variables.size(), without.done.plan.variables.size());
  EXPECT_EQ(with.done.plan.variables.size(), 4u);
  EXPECT_GT(with.changes().count("K1 cell"), 0u);
}

TEST(ExpandCells, WhatIsNoCellOfFloatsStays) {
  const auto graph = graph_text::graph_of("x = Placeholder f64[2]\ncell = GRUBlockCell:f64 x x x x x x\n");
  EXPECT_EQ(expand_cells(graph).graph, graph);
}

TEST(ExpandCells, TheProofSeesEveryDifference) {
  const auto graph = graph_text::graph_of(kGru);
  const ExpandedCells done = expand_cells(graph);
  for (NodeId changed = 0; changed < done.graph->node_count(); ++changed) {
    std::string bytes;
    for (NodeId id = 0; id < done.graph->node_count(); ++id) {
      NodeDef node = done.graph->node_def(id);
      if (id == changed) node.device = "/elsewhere";
      bytes += encode_graph_node(node).bytes();
    }
    const auto other = graph_text::read_graph(memory_source(bytes));
    EXPECT_THROW(prove_cells(*graph, *other), Error) << done.graph->name(changed);
  }
}

}  // namespace
}  // namespace thaw::internal
