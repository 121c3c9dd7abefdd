// What TensorFlow cannot differentiate is named, in functions too.
#include "verbs/warn_of_gradients.h"

#include <gmock/gmock.h>

#include "passes/thawed.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kInner = R"(
  function inner x:f32 -> y:f32
    w = Const f32[2,2]
    m = MatMul:f32 x w:output:0
    return m:product:0
  end
)";

TEST(WarnOfGradients, ACallInACall) {
  const std::string outer = R"(
    function outer x:f32 -> y:f32
      again = PartitionedCall x | f=%inner Tin=[:f32] Tout=[:f32]
      return again:output:0
    end
  )" + kInner;
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    call = PartitionedCall x | f=%outer Tin=[:f32] Tout=[:f32]
    out = Identity:f32 call
  )" + outer);
  EXPECT_THAT(
      warn_of_gradients(thawed.done),
      ElementsAre("TensorFlow has no gradient for PartitionedCall in a function (node 'again', called "
                  "by 'call'): weights before it do not train"));
}

TEST(WarnOfGradients, NothingOfACallByItself) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    call = PartitionedCall x | f=%inner Tin=[:f32] Tout=[:f32]
    out = Identity:f32 call
  )" + kInner);
  EXPECT_THAT(warn_of_gradients(thawed.done), IsEmpty());
}

TEST(WarnOfGradients, ACellInAFunction) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[2,3]
    h = Placeholder f32[2,4]
    call = PartitionedCall x h | f=%step Tin=[:f32,:f32] Tout=[:f32]
    out = Identity:f32 call
    function step x:f32 h:f32 -> y:f32
      w_ru = Const f32[7,8]
      w_c = Const f32[7,4]
      b_ru = Const f32[8]
      b_c = Const f32[4]
      cell = GRUBlockCell:f32 x h w_ru:output:0 w_c:output:0 b_ru:output:0 b_c:output:0
      return cell:h:0
    end
  )");
  EXPECT_THAT(
      warn_of_gradients(thawed.done),
      ElementsAre("TensorFlow has no gradient for GRUBlockCell (node 'cell' in function 'step'): weights "
                  "before it do not train"));
}

}  // namespace
}  // namespace thaw::internal
