// Nodes for earlier releases: what is left out, what gets its old name, and what stays because it says
// something.
#include "draft/older_forms.h"

#include <gmock/gmock.h>

#include "support/graph_text.h"
#include "support/node_lines.h"

namespace thaw::internal {
namespace {

using testing::HasSubstr;

const NodeFacts kNothingKnown{[](std::uint32_t) { return true; },
                              [](std::uint32_t) { return Shape::of_unknown_rank(); }};

NodeFacts with_shapes(std::vector<Shape> shapes) {
  return {[](std::uint32_t) { return false; }, [shapes](std::uint32_t input) { return shapes.at(input); }};
}

std::string older(const std::string& line, const std::string& version,
                  const NodeFacts& facts = kNothingKnown) {
  NodeDef node = graph_text::node_of(line);
  take_older_form(node, TensorFlowRelease::find(version).value(), facts);
  return node_lines::line_of(node);
}

TEST(OlderForms, AttributesThatSayNothingAreLeftOut) {
  const std::string conv = "y = Conv2D:f32 x w | dilations=[1,1,1,1] use_cudnn_on_gpu=true _class=[loc:@w]";
  EXPECT_EQ(older(conv, "1.4"), "y = Conv2D x w | T=:f32 _class=[loc:@w] use_cudnn_on_gpu=true");
  EXPECT_THAT(older(conv, "1.5"), HasSubstr("dilations"));
  EXPECT_THAT(older("y = Conv2D:f32 x w | dilations=[1,2,2,1]", "1.4"), HasSubstr("dilations"));
}

TEST(OlderForms, OperationsThatDoTheSame) {
  EXPECT_EQ(older("y = AddV2:f32 a b", "1.4"), "y = Add a b | T=:f32");
  EXPECT_EQ(older("y = AddV2:f32 a b", "1.15"), "y = AddV2 a b | T=:f32");
}

TEST(OlderForms, ANormLosesWhatNobodyTakes) {
  const std::string norm = "y = FusedBatchNormV3:f32 x g b m v | U=:f32";
  const NodeFacts unused = with_shapes({});
  EXPECT_THAT(older(norm, "1.13"), HasSubstr("FusedBatchNormV3"));
  EXPECT_EQ(older(norm, "1.13", unused), "y = FusedBatchNormV2 x g b m v | T=:f32 U=:f32");
  EXPECT_EQ(older(norm, "1.3", unused), "y = FusedBatchNorm x g b m v | T=:f32");
  EXPECT_THAT(older("y = FusedBatchNormV3:f16 x g b m v | U=:f32", "1.3", unused),
              HasSubstr("FusedBatchNormV3"));
}

TEST(OlderForms, ProductsOfOneBatchShape) {
  const std::string product = "y = BatchMatMulV2:f32 a b | adj_x=false";
  const Shape pair({2, 3, 4}), other({2, 4, 5}), one({1, 4, 5}), open({-1, 4, 5});
  EXPECT_THAT(older(product, "1.13", with_shapes({pair, other})), HasSubstr("BatchMatMul "));
  EXPECT_THAT(older(product, "1.13", with_shapes({pair, one})), HasSubstr("BatchMatMulV2"));
  EXPECT_THAT(older(product, "1.13", with_shapes({pair, open})), HasSubstr("BatchMatMulV2"));
  EXPECT_THAT(older("y = BatchMatMulV3 a b | Ta=:f32 Tb=:f32 Tout=:f32", "2.4"),
              HasSubstr("BatchMatMulV2 a b | T=:f32"));
  EXPECT_THAT(older("y = BatchMatMulV3 a b | Ta=:i8 Tb=:i8 Tout=:i32", "2.4"), HasSubstr("BatchMatMulV3"));
}

TEST(OlderForms, ChoicesOfOneShape) {
  const Shape two({2}), scalar;
  EXPECT_THAT(older("y = SelectV2:f32 c a b", "1.13", with_shapes({two, two, two})), HasSubstr("Select c"));
  EXPECT_THAT(older("y = SelectV2:f32 c a b", "1.13", with_shapes({scalar, two, two})),
              HasSubstr("Select c"));
  EXPECT_THAT(older("y = SelectV2:f32 c a b", "1.13", with_shapes({two, two, scalar})),
              HasSubstr("SelectV2"));
}

TEST(OlderForms, WhatIsRefusedSaysSinceWhen) {
  const auto reason = [](const std::string& line, const std::string& version) {
    return reason_to_refuse(graph_text::node_of(line), TensorFlowRelease::find(version).value());
  };
  EXPECT_EQ(reason("y = LeakyRelu:f32 x", "1.12"), "LeakyRelu is there from 1.13 on");
  EXPECT_EQ(reason("y = LeakyRelu:f32 x", "1.13"), "");
  EXPECT_EQ(reason("y = ResizeBilinear:f32 x n | half_pixel_centers=true", "1.13"),
            "attribute half_pixel_centers of ResizeBilinear is there from 1.14 on");
  EXPECT_EQ(reason("y = Relu:f32 x | _anything=true", "1.0"), "");
}

}  // namespace
}  // namespace thaw::internal
