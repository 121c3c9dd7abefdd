// Since when releases have had what: the ends of the table, and what everybody who has met the errors knows.
#include "ops/op_history.h"

#include <gmock/gmock.h>

namespace thaw::internal {
namespace {

TensorFlowRelease release(std::string_view version) { return TensorFlowRelease::find(version).value(); }

TEST(OpHistory, FindsReleasesByTheirFirstTwoNumbers) {
  EXPECT_EQ(release("1.15").name(), "1.15");
  EXPECT_EQ(release("1.15.3").name(), "1.15");
  EXPECT_EQ(release("1.1").name(), "1.1");
  EXPECT_EQ(release("1.1.0").name(), "1.1");
  EXPECT_EQ(release(TensorFlowRelease::last()).name(), TensorFlowRelease::last());
  for (const char* word : {"", "1", "1.", "1.99", "1.15.", "01.15", "1.15rc0", "latest", "v1.15", "0.12"})
    EXPECT_FALSE(TensorFlowRelease::find(word)) << word;
}

TEST(OpHistory, KnowsOpsFromTheirReleaseOn) {
  EXPECT_FALSE(release("1.13").has_op("FusedBatchNormV3"));
  EXPECT_TRUE(release("1.14").has_op("FusedBatchNormV3"));
  EXPECT_TRUE(release("2.21").has_op("FusedBatchNormV3"));
  EXPECT_TRUE(release("1.0").has_op("Add"));
  EXPECT_EQ(TensorFlowRelease::releases_with("FusedBatchNormV3"), "from 1.14 on");
}

TEST(OpHistory, KnowsAttributesFromTheirReleaseOn) {
  EXPECT_FALSE(release("1.13").has_attr("Conv2D", "explicit_paddings"));
  EXPECT_TRUE(release("1.14").has_attr("Conv2D", "explicit_paddings"));
  EXPECT_TRUE(release("1.0").has_attr("Conv2D", "strides"));
  EXPECT_FALSE(release("2.1").has_attr("FusedBatchNormV3", "exponential_avg_factor"));
  EXPECT_TRUE(release("2.2").has_attr("FusedBatchNormV3", "exponential_avg_factor"));
}

TEST(OpHistory, TakesWhatNobodyKnowsForKnown) {
  EXPECT_TRUE(release("1.0").has_op("SomebodysOwnOp"));
  EXPECT_TRUE(release("1.0").has_op("_Arg"));
  EXPECT_TRUE(release("1.0").has_attr("SomebodysOwnOp", "x"));
}

TEST(OpHistory, ProducersGrowFromReleaseToReleaseAlmostAlways) {
  EXPECT_EQ(release("1.15").producer(), 134);
  EXPECT_EQ(release("1.0").producer(), 21);
  EXPECT_GT(release("2.4").producer(), release("2.3").producer());
}

}  // namespace
}  // namespace thaw::internal
