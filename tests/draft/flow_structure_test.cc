#include "draft/flow_structure.h"

#include <gtest/gtest.h>

#include "draft/places.h"
#include "support/graph_text.h"

namespace thaw::internal {
namespace {

TEST(FlowStructure, TellsTheOperationsOfControlFlow) {
  const std::pair<const char*, FlowKind> cases[] = {
      {"Enter", FlowKind::enter}, {"Exit", FlowKind::exit},     {"NextIteration", FlowKind::next},
      {"Merge", FlowKind::merge}, {"Switch", FlowKind::branch}, {"Identity", FlowKind::identity}};
  for (const auto& [op, kind] : cases) {
    EXPECT_EQ(flow_kind_of(op), kind) << op;
    EXPECT_EQ(flow_kind_of("Ref" + std::string(op)), kind) << op;
  }
  EXPECT_EQ(flow_kind_of("LoopCond"), FlowKind::loop_cond);
  // Of the same lengths, and of all others.
  for (const char* op : {"", "Add", "Cast", "Const", "MatMul", "Softmax", "BiasAdd", "Reshape1", "RefSwitcj",
                         "IdentityN", "_SwitchN", "RefNextIteratioN", "ResourceApplyKerasMomentum"})
    EXPECT_EQ(flow_kind_of(op), FlowKind::other) << op;
}

TEST(FlowStructure, LooksForControlFlowFromANodeOn) {
  Draft draft(
      graph_text::graph_of("x = Placeholder f32[?]\n"
                           "p = Placeholder bool[]\n"
                           "s = Switch:f32 x p\n"
                           "y = Identity:f32 s\n"));
  EXPECT_TRUE(has_control_flow(draft, 0));
  EXPECT_TRUE(has_control_flow(draft, 2));
  EXPECT_FALSE(has_control_flow(draft, 3));
  draft.remove(draft.find("y"), kWhy);
  draft.remove(draft.find("s"), kWhy);
  EXPECT_FALSE(has_control_flow(draft, 0));
}

}  // namespace
}  // namespace thaw::internal
