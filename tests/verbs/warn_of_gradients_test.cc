// What TensorFlow cannot differentiate is named, in functions too.
#include "verbs/warn_of_gradients.h"

#include <gmock/gmock.h>

#include "passes/thawed.h"

namespace thaw::internal {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::StartsWith;

const std::string kInner = R"(
  function inner x:f32 -> y:f32
    w = Const f32[2,2]
    m = MatMul:f32 x w:output:0
    return m:product:0
  end
)";

TEST(WarnOfGradients, ACallThatCannotBeWrittenOut) {
  const std::string outer = R"(
    function outer x:f32 -> y:f32
      again = PartitionedCall x | f=%inner Tin=[:f32] Tout=[:f32]
      return again:output:0
    end
  )" + kInner;
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    call = PartitionedCall x | f=%outer Tin=[:f32] Tout=[:f32] _XlaMustCompile=true
    out = Identity:f32 call
  )" + outer);
  EXPECT_THAT(
      warn_of_gradients(thawed.done),
      ElementsAre("TensorFlow has no gradient for PartitionedCall (node 'again') in the function that node "
                  "'call' calls, and the call cannot be written out: XLA compiles it as a whole; weights "
                  "before it do not train"));
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
  const std::string text = R"(
    x = Placeholder f32[2,3]
    h = Placeholder f32[2,4]
    p = Placeholder bool[]
    call = If p x h | then_branch=%step else_branch=%other Tcond=:bool Tin=[:f32,:f32] Tout=[:f32]
    out = Identity:f32 call
    function step x:f32 h:f32 -> y:f32
      w_ru = Const f32[7,8]
      w_c = Const f32[7,4]
      b_ru = Const f32[8]
      b_c = Const f32[4]
      cell = GRUBlockCell:f32 x h w_ru:output:0 w_c:output:0 b_ru:output:0 b_c:output:0
      return cell:h:0
    end
    function other x:f32 h:f32 -> y:f32
      t = Tanh:f32 h
      return t:y:0
    end
  )";
  const Thawed thawed = thaw_text(text);
  ASSERT_EQ(warn_of_gradients(thawed.done).size(), 1u);
  EXPECT_THAT(
      warn_of_gradients(thawed.done)[0],
      AllOf(StartsWith("TensorFlow has no gradient for GRUBlockCell (node 'cell' in function 'step_thawed_"),
            EndsWith("): weights before it do not train; --expand-cells writes it out")));
  ThawOptions options;
  options.expand_cells = true;
  EXPECT_THAT(warn_of_gradients(thaw_text(text, options).done), IsEmpty());
}

}  // namespace
}  // namespace thaw::internal
