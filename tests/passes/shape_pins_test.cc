#include "passes/shape_pins.h"

#include <gmock/gmock.h>

#include "passes/redeclare.h"
#include "support/graph_text.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> pins(const std::string& text, const std::vector<std::string>& inputs) {
  Draft draft(graph_text::graph_of(text));
  return find_pinned_dimensions(draft, redeclare_inputs(draft, inputs));
}

const std::string kOneBatch = R"(
  x = Placeholder f32[1,6]
  state = Const f32[1,4] splat 0
  axis = Const i32[] = 1
  both = ConcatV2:f32 x state axis | N=2
)";

TEST(ShapePins, AreNamed) {
  EXPECT_THAT(pins(kOneBatch, {"x[?,6]"}), ElementsAre("dimension 0 of 'x' is declared free, and node 'both' "
                                                       "(ConcatV2) holds it to 1: with 2 it gets [2,6], "
                                                       "[1,4], {1} (expected equal sizes, not 2 and 1)"));
}

TEST(ShapePins, AreNotSeenWhereTheDimensionIsNotFree) {
  EXPECT_THAT(pins(kOneBatch, {"x[1,6]"}), IsEmpty());
  EXPECT_THAT(pins(kOneBatch, {"x[1,?]"}), IsEmpty());
  EXPECT_THAT(pins(kOneBatch, {}), IsEmpty());
}

TEST(ShapePins, AreNotWhatAlwaysClashed) {
  EXPECT_THAT(pins(kOneBatch + "w = Const f32[3,3]\nodd = MatMul:f32 x w\n", {"x[1,?]"}), IsEmpty());
}

// 2 x 6 = 12 rows go in fours, 3 x 6 = 18 do not: a size of some other multiple may fit.
TEST(ShapePins, NeedTwoSizesThatDoNotFit) {
  const std::string groups = "x = Placeholder f32[4]\nshape = Const i32[2] = -1 8\ny = Reshape:f32 x shape\n";
  EXPECT_THAT(pins(groups, {"x[?]"}), IsEmpty());
}

}  // namespace
}  // namespace thaw::internal
