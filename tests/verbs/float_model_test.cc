// Models that store weights in few bits: which of their nodes become floats, and what stays.
#include "verbs/float_model.h"

#include <gmock/gmock.h>

#include "compare/prove_floats.h"
#include "passes/thawed.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

Model model_of(const std::string& text) {
  return open_model(memory_source(graph_text::graph_bytes(text), "m.pb"));
}

Model in_floats(const std::string& text, bool float_ops = false, std::vector<std::string> thaw = {},
                std::vector<std::string> keep = {}) {
  Model model = float_model(model_of(text), {thaw, keep, float_ops});
  prove_float_model(model);
  return model;
}

Lines lines(const Model& model) { return node_lines::lines_of(*model.graph); }

std::string line(const Model& model, const std::string& name) {
  return node_lines::line_of(*model.graph, name);
}

const std::string kQuantizedWeights = R"(
  x = Placeholder f32[?,2]
  w_quantized_const = Const quint8[2,3] = 0 50 103 -103 -52 -1
  w_min = Const f32[] = 0
  w_max = Const f32[] = 255
  w = Dequantize w_quantized_const w_min w_max | T=:quint8 mode=MIN_FIRST
  y = MatMul:f32 x w
)";

TEST(FloatModel, ADequantizeBecomesItsFloats) {
  const Model model = in_floats(kQuantizedWeights);
  EXPECT_EQ(lines(model).size(), 3u);
  EXPECT_EQ(line(model, "w"), "w = Const | dtype=:f32 value=f32[2,3]{0 50 103 153 204 255}");
  ASSERT_NE(model.stored, nullptr);
  const StoredWeight* weight = model.stored->find("w");
  ASSERT_NE(weight, nullptr);
  EXPECT_EQ(weight->dtype, DType::quint8);
  EXPECT_EQ(weight->rule, "Q1");
  EXPECT_EQ(weight->from, "w_quantized_const");
  EXPECT_EQ(model.stored->find("y"), nullptr);
}

TEST(FloatModel, AModelWithoutStaysTheOneItIs) {
  const Model model = model_of("x = Placeholder f32[?,2]\n w = Const f32[2,3]\n y = MatMul:f32 x w");
  const std::vector<std::string> none;
  const Model same = float_model(model, {none, none, true});
  EXPECT_EQ(same.graph, model.graph);
  EXPECT_EQ(same.stored, nullptr);
}

TEST(FloatModel, RangesMayComeThroughIdentities) {
  const Model model = in_floats(R"(
    x = Placeholder f32[?,2]
    q = Const quint8[2,1] = 1 2
    low = Const f32[] = 0
    low/read = Identity:f32 low
    high = Const f32[] = 255
    w = Dequantize q low/read high | T=:quint8
    y = MatMul:f32 x w
    z = Identity:f32 high
  )");
  EXPECT_EQ(line(model, "w"), "w = Const | dtype=:f32 value=f32[2,1]{1 2}");
  EXPECT_THAT(lines(model), Contains(StartsWith("high = Const")));
  EXPECT_THAT(lines(model), Not(Contains(StartsWith("low"))));
}

TEST(FloatModel, WhatIsNoWeightStays) {
  const std::string text = R"(
    x = Placeholder f32[?,2]
    q = Const quint8[2] = 1 2
    low = Const f32[] = 0
    high = Const f32[] = 255
    d = Dequantize q low high | T=:quint8
    w = Const f32[2,2]
    m = MatMul:f32 x w
    lost = Identity:f32 d
    half = Const f16[2] = 1 2
    wide = Cast half | SrcT=:f16 DstT=:f32
    also = Identity:f32 wide
  )";
  const Model model = in_floats(text);
  EXPECT_THAT(lines(model), Contains(StartsWith("d = Dequantize q low high")));
  EXPECT_THAT(lines(model), Contains(StartsWith("wide = Cast half")));
  ASSERT_NE(model.stored, nullptr);
  EXPECT_THAT(model.stored->left, testing::UnorderedElementsAreArray({"d", "half"}));
  const Model thawed = in_floats(text, false, {"d", "half"});
  EXPECT_EQ(line(thawed, "d"), "d = Const | dtype=:f32 value=f32[2]{1 2}");
  EXPECT_EQ(line(thawed, "half"), "half = Const | dtype=:f32 value=f32[2]{1 2}");
}

TEST(FloatModel, TheUsersWordIsHeard) {
  const Model kept = in_floats(kQuantizedWeights, false, {}, {"w"});
  EXPECT_THAT(lines(kept), Contains(StartsWith("w = Dequantize")));
  ThawOptions options;
  options.keep = {"w"};
  EXPECT_THAT([&] { rewrite(kept, "m", options); }, throws_error(ErrorKind::no_weights, "has no weights"));
}

TEST(FloatModel, ConstantsThatCastsWiden) {
  const Model model = in_floats(R"(
    x = Placeholder f32[?,2]
    w = Const f16[2,2] = 1 -2 0.5 4
    w/to_float = Cast w | SrcT=:f16 DstT=:f32 Truncate=false
    w/read = Identity:f32 w/to_float
    y = MatMul:f32 x w/read
    b = Const bf16[2] = 1 -3
    b/to_float = Cast b ^x | SrcT=:bf16 DstT=:f32
    z = BiasAdd:f32 y b/to_float
  )");
  EXPECT_EQ(line(model, "w"), "w = Const | dtype=:f32 value=f32[2,2]{1 -2 0.5 4}");
  EXPECT_EQ(line(model, "w/to_float"), "w/to_float = Identity w | T=:f32");
  EXPECT_EQ(line(model, "b"), "b = Const | dtype=:f32 value=f32[2]{1 -3}");
  EXPECT_EQ(line(model, "b/to_float"), "b/to_float = Identity b ^x | T=:f32");
  ASSERT_NE(model.stored, nullptr);
  EXPECT_EQ(model.stored->find("w")->dtype, DType::float16);
  EXPECT_EQ(model.stored->find("w")->rule, "Q2");
}

TEST(FloatModel, ConstantsWithOtherUsesStay) {
  for (const char* more : {"z = Identity:f16 w", "z = Cast w | SrcT=:f16 DstT=:f64"}) {
    const Model model = in_floats(std::string(R"(
      x = Placeholder f32[?,2]
      w = Const f16[2,2] = 1 -2 0.5 4
      wide = Cast w | SrcT=:f16 DstT=:f32
      y = MatMul:f32 x wide
    )") + more);
    EXPECT_THAT(lines(model), Contains(StartsWith("wide = Cast w")));
  }
}

TEST(FloatModel, ANarrowingCastStays) {
  const Model model = in_floats(R"(
    x = Placeholder f32[?,2]
    w = Const f64[2,2]
    short = Cast w | SrcT=:f64 DstT=:f32
    y = MatMul:f32 x short
  )");
  EXPECT_THAT(lines(model), Contains(StartsWith("short = Cast w")));
}

TEST(FloatModel, ARepeatedNumberStaysShort) {
  const Model model = in_floats(R"(
    x = Placeholder f32[?,2]
    w = Const f16[1000,1000] splat 0.5
    w/read = Cast w | SrcT=:f16 DstT=:f32
    y = MatMul:f32 x w/read
    q = Const quint8[1000,1000] splat 5
    low = Const f32[] = 0
    high = Const f32[] = 255
    d = Dequantize q low high | T=:quint8
    z = MatMul:f32 x d
  )",
                                false, {".*"});
  EXPECT_EQ(line(model, "w"), "w = Const | dtype=:f32 value=f32[1000,1000]splat{0.5}");
  EXPECT_EQ(line(model, "d"), "d = Const | dtype=:f32 value=f32[1000,1000]splat{5}");
}

TEST(FloatModel, ConstantsOfALoopStayInIt) {
  const Model model = in_floats(R"(
    x = Placeholder f32[2,2]
    in = Enter:f32 x | frame_name=f
    q = Const quint8[2,2] = 1 2 3 4 ^in
    low = Const f32[] = 0 ^in
    high = Const f32[] = 255 ^in
    d = Dequantize q low high | T=:quint8
    y = MatMul:f32 in d
  )",
                                false, {"d"});
  EXPECT_EQ(line(model, "d"), "d = Const ^in | dtype=:f32 value=f32[2,2]{1 2 3 4}");
}

// As quantize_graph.py wrote it.
const std::string kIsland = R"(
  x = Placeholder f32[?,2]
  w_quint8_const = Const quint8[2,2] = 0 51 102 -1
  w_min = Const f32[] = -51
  w_max = Const f32[] = 204
  dims = Const i32[1] = -1
  axes = Const i32[1] = 0
  flat = Reshape:f32 x dims
  low = Min:f32 flat axes
  high = Max:f32 flat axes
  x_q = QuantizeV2 x low high | T=:quint8 mode=MIN_FIRST
  y_q = QuantizedMatMul x_q w_quint8_const x_q:1 x_q:2 w_min w_max | T1=:quint8 T2=:quint8 transpose_b=true
  range = RequantizationRange y_q y_q:1 y_q:2
  y_r = Requantize y_q y_q:1 y_q:2 range range:1 | out_type=:quint8
  r_q = QuantizedRelu y_r y_r:1 y_r:2
  y = Dequantize r_q r_q:1 r_q:2 | T=:quint8 mode=MIN_FIRST
)";

TEST(FloatModel, QuantizedOperationsOnRequest) {
  const std::vector<std::string> none;
  EXPECT_EQ(in_floats(kIsland).stored, nullptr);
  const Model model = in_floats(kIsland, true);
  EXPECT_THAT(
      lines(model),
      ElementsAre(StartsWith("x = Placeholder"), "w = Const | dtype=:f32 value=f32[2,2]{-51 0 51 204}",
                  "x_q = Identity x | T=:f32", "y_q = MatMul x_q w | T=:f32 transpose_b=true",
                  "y_r = Identity y_q | T=:f32", "r_q = Relu y_r | T=:f32", "y = Identity r_q | T=:f32"));
  ASSERT_NE(model.stored, nullptr);
  EXPECT_EQ(model.stored->float_ops, 2u);
  EXPECT_EQ(model.stored->roundings, 2u);
  EXPECT_THAT(model.stored->parts_left, IsEmpty());
  EXPECT_EQ(model.stored->find("w")->rule, "Q3");
}

TEST(FloatModel, AConstantRangeCutsOff) {
  std::string text = kIsland;
  text.replace(text.find("QuantizeV2 x low high"), 21, "QuantizeV2 x w_min w_max");
  text += "  x_q/range/most = NoOp\n";
  const Model model = in_floats(text, true);
  EXPECT_EQ(line(model, "x_q"), "x_q = ClipByValue x x_q/range_1/least x_q/range_1/most | T=:f32");
  EXPECT_EQ(line(model, "x_q/range_1/least"), "x_q/range_1/least = Const | dtype=:f32 value=f32[]{-51}");
  EXPECT_EQ(line(model, "x_q/range_1/most"), "x_q/range_1/most = Const | dtype=:f32 value=f32[]{204}");
}

TEST(FloatModel, PartsThatReachOutsideStay) {
  const auto left = [](const std::string& more) {
    const Model model = in_floats(kIsland + more, true);
    EXPECT_THAT(lines(model), Contains(StartsWith("y_q = QuantizedMatMul")));
    return model.stored->parts_left;
  };
  EXPECT_THAT(
      left("z = Identity:f32 y_r:2"),
      ElementsAre(
          "6 operations on few bits stay: node 'z' (Identity) takes numbers of few bits, or their range"));
  EXPECT_THAT(left("z = Bitcast y_r"), ElementsAre(HasSubstr("'z' (Bitcast)")));
  EXPECT_THAT(left("z = NoOp ^range"), ElementsAre(HasSubstr("'range' (RequantizationRange) is waited for")));
  EXPECT_THAT(left("z = QuantizedInstanceNorm y_r y_r:1 y_r:2"),
              ElementsAre(HasSubstr("QuantizedInstanceNorm")));
  EXPECT_THAT(left("z = QuantizedRelu y_r y_r:1 y_r:2"), ElementsAre(HasSubstr("that nothing takes")));
}

TEST(FloatModel, NumbersOfFewBitsThatAreFedStay) {
  std::string text = kIsland;
  text.replace(text.find("Placeholder f32[?,2]"), 20, "Placeholder quint8[?,2]");
  text.replace(text.find("QuantizedMatMul x_q"), 19, "QuantizedMatMul x");
  const Model model = in_floats(text, true);
  EXPECT_THAT(lines(model), Contains(StartsWith("y_q = QuantizedMatMul")));
  EXPECT_THAT(model.stored->parts_left, ElementsAre(HasSubstr("takes 'x' in few bits")));
}

TEST(FloatModel, ThawedItIsAVariable) {
  const Model model = in_floats(kQuantizedWeights);
  const Rewritten done = rewrite(model, "models/m", {});
  ASSERT_EQ(done.plan.variables.size(), 1u);
  EXPECT_EQ(done.plan.variables[0].name, "w");
  EXPECT_EQ(done.plan.checkpoint.blobs[0].dtype(), DType::float32);
}

TEST(ProveFloats, SeesEveryDifference) {
  const auto before = graph_text::graph_of(kQuantizedWeights);
  const std::vector<CompactWeight> weights = find_compact_weights(*before);
  ASSERT_EQ(weights.size(), 1u);
  const auto prove = [&](const std::string& after) {
    prove_floats(*before, *graph_text::graph_of(after), weights, {});
  };
  const std::string x = "x = Placeholder f32[?,2]\n", y = "y = MatMul:f32 x w\n";
  const std::string w = "w = Const f32[2,3] = 0 50 103 153 204 255\n";
  EXPECT_NO_THROW(prove(x + w + y));
  EXPECT_THAT([&] { prove(x + "w = Const f32[2,3] = 0 50 103 153 204 254\n" + y); },
              throws_error(ErrorKind::bug, "other numbers"));
  EXPECT_THAT([&] { prove(x + "w = Const f32[3,2] = 0 50 103 153 204 255\n" + y); },
              throws_error(ErrorKind::bug, "shape"));
  EXPECT_THAT([&] { prove(x + w + "y = MatMul:f32 x w | transpose_a=true\n"); },
              throws_error(ErrorKind::bug, "was changed"));
  EXPECT_THAT([&] { prove(x + w + y + "z = NoOp\n"); }, throws_error(ErrorKind::bug, "was added"));
  EXPECT_THAT([&] { prove(x + w); }, throws_error(ErrorKind::bug, "is gone"));
}

}  // namespace
}  // namespace thaw::internal
