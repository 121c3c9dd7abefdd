// Reference variables as resources.
#include "passes/resource_state.h"

#include <gmock/gmock.h>

#include "support/graph_text.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<StateLeft> convert(Draft& draft, const std::string& name) {
  std::vector<StateLeft> left = make_state_resources(draft, {draft.find(name)});
  draft.emit();  // throws where an edge dangles
  return left;
}

NodeDef node(const Draft& draft, const std::string& name) { return draft.node_def(draft.find(name)); }

const std::string kCounter = R"(
  v = VariableV2 | dtype=:f32 shape=(2)
  v/read = Identity:f32 v | _class=[loc:@v]
  one = Const f32[2] splat 1
  more = AssignAdd:f32 v one | use_locking=false
  seen = Mul:f32 more one
  late = Neg:f32 v ^more
  ready = IsVariableInitialized v | dtype=:f32
)";

TEST(ResourceState, AnUpdateIsOneAndAReadThatWaits) {
  Draft draft(graph_text::graph_of(kCounter));
  EXPECT_THAT(convert(draft, "v"), IsEmpty());
  EXPECT_EQ(node(draft, "v").op, "VarHandleOp");
  EXPECT_EQ(node(draft, "v/read").op, "ReadVariableOp");
  EXPECT_EQ(node(draft, "v/read").find_attr("_class"), nullptr);
  EXPECT_EQ(node(draft, "more/Update").op, "AssignAddVariableOp");
  EXPECT_THAT(node(draft, "more/Update").inputs, ElementsAreArray({"v", "one"}));
  EXPECT_EQ(node(draft, "more").op, "ReadVariableOp");
  EXPECT_THAT(node(draft, "more").inputs, ElementsAreArray({"v", "^more/Update"}));
  EXPECT_THAT(node(draft, "seen").inputs, ElementsAreArray({"more", "one"}));
  EXPECT_EQ(node(draft, "ready").op, "VarIsInitializedOp");
}

// A reference is read when its taker runs.
TEST(ResourceState, AReadWaitsForWhatItsTakerWaitsFor) {
  Draft draft(graph_text::graph_of(kCounter));
  convert(draft, "v");
  EXPECT_THAT(node(draft, "late").inputs, ElementsAreArray({"late/ReadVariableOp", "^more"}));
  EXPECT_THAT(node(draft, "late/ReadVariableOp").inputs, ElementsAreArray({"v", "^more"}));
}

TEST(ResourceState, UpdatesInARowKeepTheirOrder) {
  Draft draft(graph_text::graph_of(R"(
    v = VariableV2 | dtype=:f32 shape=(2)
    one = Const f32[2] splat 1
    first = Assign:f32 v one | validate_shape=true
    second = AssignSub:f32 first one
  )"));
  EXPECT_THAT(convert(draft, "v"), IsEmpty());
  EXPECT_THAT(node(draft, "second/Update").inputs, ElementsAreArray({"v", "one", "^first"}));
}

TEST(ResourceState, WhatHasNoCounterpartStays) {
  Draft draft(graph_text::graph_of(R"(
    v = VariableV2 | dtype=:f32 shape=(2)
    p = IsVariableInitialized v | dtype=:f32
    s = RefSwitch:f32 v p
  )"));
  EXPECT_THAT(convert(draft, "v"), SizeIs(1));
  EXPECT_EQ(node(draft, "v").op, "VariableV2");
  EXPECT_THAT(draft.changes(), IsEmpty());
}

}  // namespace
}  // namespace thaw::internal
