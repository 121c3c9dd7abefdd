// Every field, as libprotobuf reads it.
#include "messages/control_flow_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control_flow.pb.h"

namespace thaw::internal {
namespace {

template <typename Context>
std::string encoded_as(const std::string& name, bool back_prop = true) {
  Context context;
  context.context_name = name;
  if constexpr (requires { context.back_prop; }) context.back_prop = back_prop;
  return encode(context);
}

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(ControlFlowContext, WritesEveryFieldOfALoop) {
  WhileContextDef loop;
  loop.context_name = "while/context";
  loop.parallel_iterations = 300;
  loop.swap_memory = true;
  loop.pivot_name = "LoopCond:0";
  loop.pivot_for_pred_name = "Merge:0";
  loop.pivot_for_body_name = "Identity:0";
  loop.loop_exit_names = {"Exit:0", "Exit_1:0"};
  loop.loop_enter_names = {"Enter:0", "Enter_1:0"};
  loop.maximum_iterations_name = "most:0";
  loop.values_def = {{"a:0", "b:1"}, {{"w:0", "Enter_2:0"}, {"v:0", "Enter_3:0"}}};
  loop.nested_contexts = {nested_cond(encoded_as<CondContextDef>("inner"))};

  thaw::oracle::WhileContextDef read;
  ASSERT_TRUE(read.ParseFromString(encode(loop)));
  EXPECT_EQ(read.context_name(), "while/context");
  EXPECT_EQ(read.parallel_iterations(), 300);
  EXPECT_TRUE(read.back_prop());
  EXPECT_TRUE(read.swap_memory());
  EXPECT_EQ(read.pivot_name(), "LoopCond:0");
  EXPECT_EQ(read.pivot_for_pred_name(), "Merge:0");
  EXPECT_EQ(read.pivot_for_body_name(), "Identity:0");
  EXPECT_THAT(read.loop_exit_names(), ElementsAreArray({"Exit:0", "Exit_1:0"}));
  EXPECT_THAT(read.loop_enter_names(), ElementsAreArray({"Enter:0", "Enter_1:0"}));
  EXPECT_EQ(read.maximum_iterations_name(), "most:0");
  EXPECT_THAT(read.values_def().values(), ElementsAreArray({"a:0", "b:1"}));
  EXPECT_THAT(read.values_def().external_values(),
              UnorderedElementsAre(Pair("w:0", "Enter_2:0"), Pair("v:0", "Enter_3:0")));
  ASSERT_EQ(read.nested_contexts_size(), 1);
  EXPECT_EQ(read.nested_contexts(0).cond_ctxt().context_name(), "inner");
}

TEST(ControlFlowContext, WritesEveryFieldOfABranch) {
  CondContextDef branch;
  branch.context_name = "cond/cond_text";
  branch.pred_name = "pred_id:0";
  branch.pivot_name = "switch_t:0";
  branch.branch = 1;
  branch.values_def = {{"a:0"}, {{"p:0", "p:0"}}};
  branch.nested_contexts = {nested_while(encoded_as<WhileContextDef>("inner"))};

  thaw::oracle::CondContextDef read;
  ASSERT_TRUE(read.ParseFromString(encode(branch)));
  EXPECT_EQ(read.context_name(), "cond/cond_text");
  EXPECT_EQ(read.pred_name(), "pred_id:0");
  EXPECT_EQ(read.pivot_name(), "switch_t:0");
  EXPECT_EQ(read.branch(), 1);
  EXPECT_THAT(read.values_def().values(), ElementsAreArray({"a:0"}));
  EXPECT_THAT(read.values_def().external_values(), ElementsAre(Pair("p:0", "p:0")));
  ASSERT_EQ(read.nested_contexts_size(), 1);
  EXPECT_EQ(read.nested_contexts(0).while_ctxt().context_name(), "inner");
  EXPECT_EQ(read.nested_contexts(0).while_ctxt().parallel_iterations(), 10);
}

// What proto3 leaves out is left out: the bytes are those that protobuf would write.
TEST(ControlFlowContext, WritesTheBytesOfProtobuf) {
  thaw::oracle::WhileContextDef read;
  const std::string bytes = encoded_as<WhileContextDef>("f", false);
  ASSERT_TRUE(read.ParseFromString(bytes));
  EXPECT_EQ(read.SerializeAsString(), bytes);
  EXPECT_EQ(read.parallel_iterations(), 10);
  EXPECT_FALSE(read.back_prop());
}

}  // namespace
}  // namespace thaw::internal
