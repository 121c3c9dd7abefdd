// Pairs of graphs that differ in one thing: the rule that speaks against a weight, and nothing else, decides.
#include <gtest/gtest.h>

#include "weights/decisions.h"

namespace thaw::internal {
namespace {

struct Pair {
  const char* rule;
  std::string graph;  // "{...|...}": what stands there in the first and in the second graph
  std::string constant;
  std::string first, second;
};

std::string choose(const std::string& text, bool second) {
  std::string chosen;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    chosen += text.substr(at, open - at);
    if (open == text.size()) break;
    const std::size_t bar = text.find('~', open), close = text.find('}', open);
    chosen += second ? text.substr(bar + 1, close - bar - 1) : text.substr(open + 1, bar - open - 1);
    at = close + 1;
  }
  return chosen;
}

class Vetoes : public testing::TestWithParam<Pair> {};

TEST_P(Vetoes, DecideAlone) {
  const Pair& pair = GetParam();
  EXPECT_EQ(decide(choose(pair.graph, false)).at(pair.constant), pair.first);
  EXPECT_EQ(decide(choose(pair.graph, true)).at(pair.constant), pair.second);
}

const std::string kKernel = "x = Placeholder f32[?,4]\ny = MatMul x w\n";

const Pair kPairs[] = {
    {"N1", kKernel + "w = Const {f32~i32}[4,4]", "w", "variable trainable E5+R0", "kept N1"},
    {"N1_half", kKernel + "w = Const {f16~i8}[4,4]", "w", "variable trainable E5+R0", "kept N1"},
    {"N2", kKernel + "w = Const f32[{4~0},4]", "w", "variable trainable E5+R0", "kept N2"},
    {"N3", kKernel + "c = NoOp\nw = Const f32[4,4] {~^c}", "w", "variable trainable E5+R0", "kept N3"},
    {"N3_grappler",
     kKernel +
         "w = Const f32[4,4]\nConstantFolding/other = NoOp\nones = Const f32[4] = {1~1.5} 1 1 1 ^y\nz = "
         "AddV2 y ones",
     "ones", "unsure E7+N3", "variable trainable E7+R0"},
    {"N4", kKernel + "b = Const f32[4] {= 1 1 1 1~splat 1}\nz = BiasAdd y b\nw = Const f32[4,4]", "b",
     "variable trainable E5+R0", "kept N4"},
    {"N4_grappler",
     kKernel + "b = Const f32[4] splat 1\nz = BiasAdd y b\nw = Const f32[4,4]\n{other~ConstantFolding/other} "
               "= NoOp",
     "b", "kept N4", "variable trainable E5+R0"},
    {"N5_class", kKernel + "w = Const f32[4,4] {~| _class=[loc:@x]}", "w", "variable trainable E5+R0",
     "kept N5"},
    {"N5_device",
     kKernel + "w = Const f32[4,4]\nw/read = Identity:f32 w\nb = Const f32[4] {~@/cpu:0}\nz = BiasAdd w/read "
               "b\nbias = BiasAdd y b",
     "b", "unsure E5+N12", "kept N5"},
    {"N6", "x = Placeholder f32[?,4]\nw = Const f32[4] \ny = {BiasAdd~BroadcastTo} x w", "w",
     "variable trainable E5+R0", "kept N6"},
    {"N6_small_table",
     "i = Placeholder i32[?]\nw = Const f32[{17~16}]\na = Const i32[] = 0\ny = GatherV2 w i a", "w",
     "variable trainable E5+R0", "kept E5+N6"},
    {"N7_training",
     "x = Placeholder f32[?,4]\ng = Const f32[4]\nb = Const f32[4]\nm = Const f32[4]\nv = Const f32[4]\n"
     "y = FusedBatchNormV3 x g b m v | is_training={false~true}",
     "m", "variable statistic E5+R1", "kept N7"},
    {"N7_peephole",
     "t = Placeholder i64[]\nx = Placeholder f32[4,1,5]\nc = Const f32[1,3]\nk = Const f32[8,12]\nb = Const "
     "f32[12]\n"
     "p = Const f32[3]\nl = BlockLSTM t x c c k p p p b | use_peephole={true~false}",
     "p", "variable trainable E5+R0", "kept N7"},
    {"N7_fused",
     "x = Placeholder f32[?,8,8,4]\nw = Const f32[1,1,4,4]\nb = Const f32[4]\n"
     "y = _FusedConv2D x w b | num_args=1 fused_ops=[{BiasAdd~Relu}]",
     "b", "variable trainable E5+R0", "kept N7"},
    {"N7_state",
     "t = Placeholder i64[]\nx = Placeholder f32[4,1,5]\nc = Const f32[1,3]\nk = Const f32[8,12]\nb = Const "
     "f32[12]\n"
     "l = BlockLSTM t x c c k c c c b | use_peephole={true~false}",
     "c", "variable trainable E5+R0", "kept E5+N7"},
    {"N8", kKernel + "w = Const f32[4,4]\nother = Const f32[4]\nend = {BiasAdd y other~Shape other}", "other",
     "variable trainable E5+R0", "kept N8"},
    {"N9_ramp",
     kKernel + "w = Const f32[4,4] = 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0 1.1 1.2 1.3 1.4 1.5 {9.9~1.6}",
     "w", "variable trainable E5+R0", "unsure E5+N9"},
    {"N9_identity", kKernel + "w = Const f32[4,4] = 1 0 0 0  0 1 0 0  0 0 1 0  0 0 0 {0.9~1}", "w",
     "variable trainable E5+R0", "unsure E5+N9"},
    {"N9_equal", kKernel + "w = Const f32[4,4] = 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 {2~1}", "w",
     "variable trainable E5+R0", "unsure E5+N9"},
    {"N9_luma", kKernel + "w = Const f32[4,1] = {0.3~0.299} 0.587 0.114 0", "w", "variable trainable E5+R0",
     "unsure E5+N9"},
    {"N10", kKernel + "w = Const f32[4,4]\nb = Const f32[{4~}]\nz = BiasAdd y b", "b",
     "variable trainable E5+R0", "kept N10"},
    {"N11", "x = Placeholder f32[?,1]\ny = MatMul x w\nw = Const f32[{1,1~1}]", "w",
     "variable trainable E5+R0", "unsure E5+N11"},
    {"N12",
     kKernel + "w = Const f32[4,4]\nv = Const f32[4,4]\n{r~v/read} = Identity:f32 v\nz = MatMul y {r~v/read}",
     "w", "variable trainable E5+R0", "unsure E5+N12"},
    {"N12_sibling",
     kKernel +
         "w = Const f32[4,4]\nz = MatMul y l/v/read\nl/v = Const f32[4,4]\nl/v/read = Identity:f32 l/v\n"
         "u = BiasAdd z {n/bias~l/bias}\n{n/bias~l/bias} = Const f32[4]",
     "l/v", "variable trainable E1+R0", "variable trainable E1+R0"},
    {"N13", "x = Placeholder f32[?,4]\nw = Const f32[4,4]\ny = {MatMul~PartitionedCall} x w | f=%body", "w",
     "variable trainable E5+R0", "unsure N13"},
    {"N14", kKernel + "w = Const f32[4,4]\ns = Const f32[4]\nz = Mul {y~x} s", "s",
     "variable trainable E7+R0", "kept E7+N14"},
};

INSTANTIATE_TEST_SUITE_P(Weights, Vetoes, testing::ValuesIn(kPairs),
                         [](const auto& tested) { return tested.param.rule; });

// What is proved stays proved, whatever speaks against it.
TEST(Vetoes, DoNotTouchWhatIsProved) {
  const Decided decided = decide(R"(
    c = NoOp
    w = Const i64[] ^c | _class=[loc:@c] @/gpu:0
    w/read = Identity:i64 w
    v = Const f32[0]
    v/read = Identity:f32 v
    u = Const f32[2,2] splat 1
    u/read = Identity:f32 u
  )");
  EXPECT_EQ(decided.at("w"), "variable state E1+R7");
  EXPECT_EQ(decided.at("v"), "variable trainable E1+R0");
  EXPECT_EQ(decided.at("u"), "variable trainable E1+R0");
}

TEST(Votes, CountTheOtherSlotsOfAnOperation) {
  // A table of one column is doubtful (N11); the other weights of its cell are not.
  const Decided decided = decide(R"(
    x = Placeholder f32[1,1]
    h = Placeholder f32[1,1]
    wru = Const f32[1]
    wc = Const f32[2,1]
    bru = Const f32[2]
    bc = Const f32[1]
    cell = GRUBlockCell x h wru wc bru bc
  )");
  EXPECT_EQ(decided.at("wru"), "variable trainable E5+N11+G1+R0");
  EXPECT_EQ(decided.at("wc"), "variable trainable E5+R0");
}

TEST(Votes, CountTheSameUseElsewhere) {
  const std::string graph = R"(
    x = Placeholder f32[?,3]
    w0 = Const f32[3,3]
    y0 = MatMul x w0
    a0 = Const f32[3]
    z0 = Add y0 a0
    w1 = Const f32[3,3]
    y1 = MatMul z0 w1
    a1 = Const f32[3] = 0.5 0.5 0.5
    z1 = {Add~Mul} y1 a1
  )";
  EXPECT_EQ(decide(choose(graph, true)).at("a1").substr(0, 6), "unsure");
  const std::string voted = decide(choose(graph, false)).at("a1");
  EXPECT_EQ(voted.substr(0, 6), "unsure") << voted;  // its numbers are a program's: votes do not help
}

// -- what the user says

const std::string kLayer = R"(
  x = Placeholder f32[?,4]
  l/w = Const f32[4,4]
  l/y = MatMul x l/w
  scale = Const f32[] = 2
  z = Mul l/y scale
  names = Const str[2] = a b
)";

TEST(UserWords, OverruleAllEvidence) {
  EXPECT_EQ(decide(kLayer),
            (Decided{{"l/w", "variable trainable E5+R0"}, {"scale", "kept N10"}, {"names", "kept N1"}}));
  EXPECT_EQ(decide(kLayer, {.thaw = {"scale"}}).at("scale"), "variable trainable U1+R0");
  EXPECT_EQ(decide(kLayer, {.thaw = {"names"}}).at("names"), "variable state U1+R7");
  EXPECT_EQ(decide(kLayer, {.keep = {"l"}}).at("l/w"), "kept U2");
  EXPECT_EQ(decide(kLayer, {.thaw = {"l/w"}, .keep = {"l/.*"}}).at("l/w"), "kept U2");
  EXPECT_EQ(decide(kLayer, {.non_trainable = {"l/w"}}).at("l/w"), "variable state E5+R0+U3");
  EXPECT_EQ(decide(kLayer, {.thaw = {"names"}, .non_trainable = {".*"}}).at("names"), "variable state U1+R7");
}

TEST(UserWords, OverruleReads) {
  const std::string graph = "w = Const f32[4]\nw/read = Identity:f32 w\n";
  EXPECT_EQ(decide(graph, {.keep = {"w"}}).at("w"), "kept U2");
  EXPECT_EQ(decide(graph, {.thaw = {"w"}}).at("w"), "variable trainable U1+R0");
}

TEST(UserWords, CannotStoreAHandle) {
  EXPECT_THROW(decide("h = Const resource[]\n", {.thaw = {"h"}}), Error);
}

TEST(UserWords, SplitWhatIsAShapeAsWell) {
  const std::string graph = "x = Placeholder f32[?]\nw = Const f32[4]\ny = BiasAdd x w\nz = Fill w x\n";
  EXPECT_EQ(decide(graph).at("w"), "variable trainable E5+R0 split");
  EXPECT_EQ(
      decide("n = Const i32[1] = 5\nx = Placeholder i32[?]\nr = Reshape x n\na = Add x n\n", {.thaw = {"n"}})
          .at("n"),
      "variable state U1+R7 split");
}

}  // namespace
}  // namespace thaw::internal
