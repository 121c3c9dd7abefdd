#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "draft/blocked_gradients.h"
#include "support/graph_text.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;

struct Ways {
  std::vector<std::string> blocked, unknown;
  bool reached = false;
};

Ways find(const std::string& text) {
  const Draft draft(graph_text::graph_of(text));
  const NodeId weight = draft.find("w");
  const GradientWays found = find_gradient_ways(draft, {weight}, {draft.find("out")});
  Ways ways;
  for (const NodeId id : found.blocked) ways.blocked.push_back(draft.name(id));
  for (const NodeId id : found.unknown) ways.unknown.push_back(draft.name(id));
  ways.reached = found.reached[weight];
  return ways;
}

TEST(GradientWays, PassLayers) {
  const Ways ways = find(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    y = MatMul:f32 x w
    out = Relu:f32 y
  )");
  EXPECT_THAT(ways.blocked, IsEmpty());
  EXPECT_THAT(ways.unknown, IsEmpty());
  EXPECT_TRUE(ways.reached);
}

TEST(GradientWays, AreBlockedByOperationsWithoutOne) {
  const Ways ways = find(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    y = MatMul:f32 x w
    cell = LSTMBlockCell:f32 x y y w y y y y
    out = Relu:f32 cell
    beside = LSTMBlockCell:f32 x x x x x x x x
  )");
  EXPECT_THAT(ways.blocked, ElementsAreArray({"cell"}));
  EXPECT_FALSE(ways.reached);
}

TEST(GradientWays, LeadAroundWhatBlocks) {
  const Ways ways = find(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    y = MatMul:f32 x w
    cell = LSTMBlockCell:f32 x y y w y y y y
    out = Add:f32 cell y
  )");
  EXPECT_THAT(ways.blocked, ElementsAreArray({"cell"}));
  EXPECT_TRUE(ways.reached);
}

TEST(GradientWays, EndWhereNumbersAreCounted) {
  const Ways ways = find(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    y = MatMul:f32 x w
    shape = Shape:f32 y | out_type=:i32
    still = StopGradient:f32 y
    out = Reshape:f32 still shape
  )");
  EXPECT_THAT(ways.blocked, IsEmpty());
  EXPECT_FALSE(ways.reached);
}

TEST(GradientWays, NameOperationsThatTensorFlowLacks) {
  const Ways ways = find(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    y = MyLayer x w
    out = Relu:f32 y
  )");
  EXPECT_THAT(ways.unknown, ElementsAreArray({"y"}));
}

}  // namespace
}  // namespace thaw::internal
