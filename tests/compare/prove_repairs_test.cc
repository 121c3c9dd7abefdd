// Repairs of loops are explained, and nothing that only looks like one.
#include <gmock/gmock.h>

#include "compare/edited.h"
#include "passes/control_flow.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using graph_text::cond_text;
using graph_text::loop_text;
using graph_text::with_line;

// A loop that needs X0, X1 and X2 and has a weight inside; beside it a second cond that needs X3 and X4.
std::string repaired_text() {
  std::string loop = loop_text(R"(
  bias = Const f32[3] = 1 7 9
  while/bias = Enter:f32 bias | frame_name=while/context is_constant=true parallel_iterations=7
  ConstantFolding/k = Const f32[3] = 1 7 9 ^while/bias
  outside = Const f32[] = 3
  while/product = MatMul:f32 while/Switch_1:1 while/MatMul/Enter
  while/scaled = Mul:f32 while/product outside
  while/sum = BiasAdd:f32 while/scaled ConstantFolding/k
  while/next = Add:f32 while/sum while/Switch_1:1
  second = Exit:f32 while/Switch_1
)");
  loop = with_line(loop, "while/Identity_1", "");
  std::string cond = cond_text();
  for (const char* known : {"x =", "w =", "w/read"}) cond = with_line(cond, known, "");
  cond = with_line(cond, "cond/MatMul_1/Switch ", "");
  cond = with_line(cond,
                   "cond/MatMul_1 =", "cond/MatMul_1 = MatMul:f32 cond/MatMul/Switch cond/MatMul_1/Switch_1");
  cond = with_line(cond, "cond/Merge", "cond/Merge = Merge:f32 cond/MatMul cond/MatMul_1 | N=2");
  return loop + with_line(cond, "out", "out_2 = Identity:f32 cond/Merge");
}

TEST(ProveRepairs, ExplainsThemAll) {
  for (const ThawOptions& options : {ThawOptions{}, in_ref_style()}) {
    const Thawed thawed = thaw_text(repaired_text(), options);
    std::set<std::string> rules;
    for (const std::string& repair : repairs_of(thawed)) rules.insert(repair.substr(0, 2));
    EXPECT_EQ(rules, (std::set<std::string>{"X0", "X1", "X2", "X3", "X4", "H1", "H2"}));
  }
}

struct RepairMutation {
  const char* what;
  std::string node;
  Edit edit;
};

class RepairMutations : public testing::TestWithParam<RepairMutation> {};

TEST_P(RepairMutations, AreFound) {
  const RepairMutation& mutation = GetParam();
  for (const ThawOptions& options : {ThawOptions{}, in_ref_style()}) {
    const Thawed thawed = thaw_text(repaired_text(), options);
    const SourcePtr file = edited(thawed, mutation.node, mutation.edit);
    const WrittenGraph written(file, thawed.done.draft.base());
    EXPECT_THAT([&] { prove_graph(thawed.done.draft, written, thawed.done.plan, thawed.done.allowed); },
                throws_error(ErrorKind::bug, "the written graph is not the one that was read"));
  }
}

Edit input(std::size_t slot, std::string name) {
  return [slot, name = std::move(name)](NodeDef& node) { node.inputs.at(slot) = name; };
}

const RepairMutation kRepairMutations[] = {
    {"BridgeFromElsewhere", "outside/thaw_enter", input(0, "while/Less/y")},
    {"BridgeThatIsAVariable", "outside/thaw_enter",
     [](NodeDef& node) { node.set_attr("is_constant", attr_of_bool(false)); }},
    {"BridgeThatComputes", "outside/thaw_enter", [](NodeDef& node) { node.op = "Neg"; }},
    {"IdentityOfAnotherVariable", "while/Identity_1", input(0, "while/Switch:1")},
    {"IdentityOfTheOtherSide", "while/Identity_1", input(0, "while/Switch_1")},
    {"IdentityThatComputes", "while/Identity_1", [](NodeDef& node) { node.op = "Tanh"; }},
    {"ConsumerOfAnotherIdentity", "while/product", input(0, "while/Identity")},
    {"SecondExitOfAnother", "second", input(0, "while/Exit")},
    {"SecondExitThatComputes", "second", [](NodeDef& node) { node.op = "Neg"; }},
    {"SplitOfOtherData", "cond/MatMul/Switch/thaw_true", input(0, "u/read")},
    {"SplitByAnotherPredicate", "cond/MatMul/Switch/thaw_true", input(1, "p")},
    {"SplitReadAtTheWrongSide", "cond/MatMul", input(0, "cond/MatMul/Switch/thaw_true")},
    {"MergeOfOneBranchTwice", "cond/Merge", input(0, "cond/MatMul")},
    {"MergeOfMore", "cond/Merge", [](NodeDef& node) { node.inputs.push_back("^x"); }},
    {"CopyOfAnotherWeight", "bias/thaw_enter", input(0, "w/read")},
    {"CopyWithoutItsAnchor", "ConstantFolding/k", [](NodeDef& node) { node.inputs.pop_back(); }},
    {"CopyOfAnotherType", "ConstantFolding/k",
     [](NodeDef& node) { node.set_attr("T", attr_of_type(DType::float64)); }},
    {"CopyPastTheBridge", "ConstantFolding/k", input(0, "while/MatMul/Enter")},
};

INSTANTIATE_TEST_SUITE_P(ProveRepairs, RepairMutations, testing::ValuesIn(kRepairMutations),
                         [](const auto& tested) { return tested.param.what; });

}  // namespace
}  // namespace thaw::internal
