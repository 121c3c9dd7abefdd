// --unfold-batch-norm: which sums are norms again, what they are called, and that no number changes.
#include "passes/unfold_norms.h"

#include <gmock/gmock.h>

#include "compare/prove_unfolding.h"
#include "draft/norm_unfolding.h"
#include "model/model.h"
#include "support/graph_text.h"
#include "support/node_lines.h"
#include "thaw/error.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kConv = R"(
  x = Placeholder f32[?,8,8,3]
  conv/kernel = Const f32[3,3,3,4]
  conv = Conv2D:f32 x conv/kernel
  conv_bn_offset = Const f32[4]
  bn1/FusedBatchNormV3 = BiasAdd:f32 conv conv_bn_offset ^x @/cpu:0
  y = Relu:f32 bn1/FusedBatchNormV3
)";

const std::string kProduct = R"(
  x = Placeholder f32[?,3]
  fc/kernel = Const f32[3,4]
  fc/MatMul = MatMul:f32 x fc/kernel
  fc/MatMul_bn_offset = Const f32[4]
  fc/add = Add:f32 fc/MatMul_bn_offset fc/MatMul
  y = Relu:f32 fc/add
)";

struct Unfolded {
  std::shared_ptr<const Graph> before;
  UnfoldedNorms made;
  std::string line(const std::string& name) const { return node_lines::line_of(*made.graph, name); }
};

Unfolded unfolded(const std::string& text) {
  Unfolded done{graph_text::graph_of(text), {}};
  done.made = unfold_norms(done.before);
  prove_unfolding(*done.before, *done.made.graph);
  return done;
}

TEST(UnfoldNorms, AConvolution) {
  const Unfolded done = unfolded(kConv);
  EXPECT_THAT(done.made.scopes, ElementsAreArray({"bn1"}));
  EXPECT_EQ(done.line("bn1/FusedBatchNormV3"),
            "bn1/FusedBatchNormV3 = FusedBatchNormV3 conv bn1/gamma/read bn1/beta bn1/moving_mean/read "
            "bn1/moving_variance/read ^x | T=:f32 U=:f32 data_format=\"NHWC\" epsilon=0.000976562 "
            "is_training=false @/cpu:0");
  EXPECT_EQ(done.made.graph->find("conv_bn_offset"), kNoNode);
}

TEST(UnfoldNorms, VarianceAndEpsilonAddUpToOne) {
  EXPECT_EQ(static_cast<float>(kUnfoldedVariance) + static_cast<float>(kUnfoldedEpsilon), 1.0F);
  EXPECT_EQ(kUnfoldedVariance + kUnfoldedEpsilon, 1.0);
}

TEST(UnfoldNorms, AProductBecomesArithmetic) {
  const Unfolded done = unfolded(kProduct);
  EXPECT_THAT(done.made.scopes, ElementsAreArray({"fc/BatchNorm"}));
  EXPECT_EQ(done.line("fc/add"),
            "fc/add = Add fc/BatchNorm/batchnorm/mul_1 fc/BatchNorm/batchnorm/sub | T=:f32");
  EXPECT_EQ(done.line("fc/BatchNorm/batchnorm/mul_1"),
            "fc/BatchNorm/batchnorm/mul_1 = Mul fc/MatMul fc/BatchNorm/batchnorm/mul | T=:f32");
  EXPECT_EQ(done.line("fc/BatchNorm/batchnorm/sub"),
            "fc/BatchNorm/batchnorm/sub = Sub fc/BatchNorm/beta fc/BatchNorm/batchnorm/mul_2 | T=:f32");
}

TEST(UnfoldNorms, OnlyWhereFoldingShows) {
  std::string plain = kConv;
  for (std::size_t at; (at = plain.find("bn1/FusedBatchNormV3")) != std::string::npos;)
    plain.replace(at, 20, "sum");
  for (std::size_t at; (at = plain.find("conv_bn_offset")) != std::string::npos;)
    plain.replace(at, 14, "bias");
  const Unfolded done = unfolded(plain);
  EXPECT_EQ(done.made.graph, done.before);
  EXPECT_THAT(done.made.scopes, IsEmpty());
}

TEST(UnfoldNorms, AScopeThatIsTakenGetsANumber) {
  const Unfolded done = unfolded(kConv + "  bn1/gamma = Const f32[4]\n  z = Relu:f32 bn1/gamma\n");
  EXPECT_THAT(done.made.scopes, ElementsAreArray({"bn1_1"}));
}

TEST(UnfoldNorms, ProofRefusesOtherNumbers) {
  const Unfolded done = unfolded(kConv);
  const auto refuses = [&](const std::string& name, const std::string& line) {
    Draft draft(done.made.graph);
    NodeDef node = graph_text::node_of(line);
    draft.replace(done.made.graph->find(name), node, {"", name, ""});
    const auto wrong = read_graph(memory_source(draft.emit().bytes(), "wrong.pb"));
    EXPECT_THROW(prove_unfolding(*done.before, *wrong), Error) << line;
  };
  refuses("bn1/gamma", "bn1/gamma = Const f32[4] = 1 1 1 2");
  refuses("bn1/moving_mean", "bn1/moving_mean = Const f32[4] = 0 0 1 0");
  refuses("y", "y = Relu6:f32 bn1/FusedBatchNormV3");
  refuses("bn1/beta", "bn1/beta = Const f32[4] = 5 5 5 5");
}

}  // namespace
}  // namespace thaw::internal
