// Weights inside functions that stay constants, and why.
#include <gmock/gmock.h>

#include "passes/function_lines.h"
#include "passes/function_weights.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

std::string rules_of(const Thawed& thawed, const std::string& name) {
  std::string all;
  for (const Decision& decision : thawed.done.plan.decisions) {
    if (thawed.done.view.graph->name(decision.node) != name) continue;
    for (const Reason& reason : decision.reasons) all += reason.rule + " ";
  }
  return all;
}

TEST(ConstantsOfFunctions, StayWhereNothingCanPassThem) {
  const std::string text = R"(
    x = Placeholder f32[?,2]
    v = Const f32[2,2]
    m = MatMul:f32 x v
    call = PartitionedCall m | f=%__inference_inner_11 Tin=[:f32] Tout=[:f32]
    set = MapDataset m | f=%__inference_inner_11
  )" + kInnerFunction;
  const Thawed thawed = thaw_text(text);
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"v"}));
  EXPECT_THAT(rules_of(thawed, "inner/w"), HasSubstr("N15"));
  EXPECT_EQ(thawed.line("call"), "call = PartitionedCall m | Tin=[:f32] Tout=[:f32] f=%__inference_inner_11");
}

// A chain of n functions, each with a weight, needs n * n / 2 arguments, and its calls pass as many.
TEST(ConstantsOfFunctions, StayWhereTheyWouldBeTooManyArguments) {
  std::string text =
      "x = Placeholder f32[?,2]\nv = Const f32[2,2]\nm = MatMul:f32 x v\n"
      "call = PartitionedCall m | f=%f459 Tin=[:f32] Tout=[:f32]\n";
  for (int k = 0; k < 460; ++k) {
    const std::string head = "function f" + std::to_string(k) + " x:f32 -> y:f32\nw = Const f32[2,2]\n";
    const std::string inner =
        k == 0 ? "c = Identity:f32 x\n"
               : "c = PartitionedCall x | f=%f" + std::to_string(k - 1) + " Tin=[:f32] Tout=[:f32]\n";
    text += head + inner + "r = MatMul:f32 c:output:0 w:output:0\nreturn r:product:0\nend\n";
  }
  const Thawed thawed = thaw_text(text);
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"v"}));
  EXPECT_THAT(rules_of(thawed, "f7/w"), HasSubstr("N16"));
}

TEST(ConstantsOfFunctions, FunctionsThatCallThemselvesStayAsTheyAre) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    v = Const f32[2,2]
    m = MatMul:f32 x v
    call = PartitionedCall m | f=%f Tin=[:f32] Tout=[:f32]
    function f x:f32 -> y:f32
      w = Const f32[2,2]
      m = MatMul:f32 x w:output:0
      c = PartitionedCall m:product:0 | f=%f Tin=[:f32] Tout=[:f32]
      return c:output:0
    end
  )");
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"v"}));
}

}  // namespace
}  // namespace thaw::internal
