// Element by element, reductions, matrices.
#include "passes/shape_cases.h"

namespace thaw::internal {
namespace {

const ShapeCases kElementCases = {
    {"x = Placeholder f32[?,4]\ny = Relu:f32 x", "[?,4]"},
    {"x = Placeholder f32[]\ny = Identity:f32 x", "<unknown>"},  // "unknown" of old producers
    {"x = Placeholder f32[...]\ny = Tanh:f32 x", "<unknown>"},
    {"x = PlaceholderV2 | dtype=:f32 shape=(2)\ny = Tanh:f32 x", "[2]"},
    {"c = Const f32[1,10] splat 0\ny = PlaceholderWithDefault c | dtype=:f32 shape=(?,10)", "[?,10]"},
    {"c = Const f32[1,10] splat 0\ny = PlaceholderWithDefault c | dtype=:f32 shape=(4,10)",
     "! equal sizes, not 1 and 4"},
    {"x = Placeholder f32[?,4]\nb = Const f32[4]\ny = AddV2:f32 x b", "[?,4]"},
    {"x = Placeholder f32[?,4]\nb = Const f32[3,1]\ny = Mul:f32 x b", "[3,4]"},
    {"x = Placeholder f32[?,1]\nb = Const f32[3]\ny = Sub:f32 x b", "[?,3]"},
    {"x = Placeholder f32[2,5]\nb = Const f32[4]\ny = AddV2:f32 x b", "! equal sizes or 1, not 5 and 4"},
    {"x = Placeholder f32[2,5]\nb = Const f32[4]\ny = Equal:f32 x b | incompatible_shape_error=false", ""},
    {"x = Placeholder f32[?,5]\nz = Placeholder f32[3,?]\ny = AddN:f32 x z | N=2", "[3,5]"},
    {"x = Placeholder f32[2,5]\nz = Placeholder f32[3,5]\ny = AddN:f32 x z | N=2",
     "! equal sizes, not 2 and 3"},
    {"c = Placeholder bool[3]\nx = Placeholder f32[?,5]\nz = Placeholder f32[?,?]\ny = Select:f32 c x z",
     "[3,5]"},
    {"c = Placeholder bool[3]\nx = Placeholder f32[4,5]\ny = Select:f32 c x x", "! equal sizes, not 4 and 3"},
    {"c = Placeholder bool[3,1]\nx = Placeholder f32[5]\ny = SelectV2:f32 c x x", "[3,5]"},
    {"x = Placeholder f32[?,7]\nb = Const f32[7]\ny = BiasAdd:f32 x b", "[?,7]"},
    {"x = Placeholder f32[?,7,5,5]\nb = Const f32[7]\ny = BiasAdd:f32 x b | data_format=NCHW", "[?,7,5,5]"},
    {"x = Placeholder f32[?,8]\nb = Const f32[7]\ny = BiasAdd:f32 x b", "! equal sizes, not 8 and 7"},
    {"x = Placeholder f32[8]\nb = Const f32[8]\ny = BiasAdd:f32 x b", "! at least 2 dimensions, not [8]"},
    {"x = Placeholder f32[2,3]\np = Placeholder bool[...]\ny = Switch:f32 x p", "[2,3] [2,3]"},
    {"x = Placeholder f32[2,3]\np = Placeholder bool[4]\ny = Switch:f32 x p", "! 0 dimensions, not [4]"},
    {"x = Placeholder f32[2,3]\nz = Placeholder f32[2,4]\ny = Merge:f32 x z | N=2", "[2,?] []"},
    {"x = Placeholder f32[2,3]\nz = Placeholder f32[2]\ny = Merge:f32 x z | N=2", "<unknown> []"},
    {"x = Placeholder f32[2,3]\ny = IdentityN x x | T=[:f32,:f32]", "[2,3] [2,3]"},
    {"x = Placeholder f32[2,3]\ny = NobodyKnows:f32 x", ""},
    {"x = Placeholder f32[2,3,4]\na = Const i32[2] = 0 -1\ny = Sum:f32 x a", "[3]"},
    {"x = Placeholder f32[2,?,4]\na = Const i32[] = 1\ny = Mean:f32 x a | keep_dims=true", "[2,1,4]"},
    {"x = Placeholder f32[2,3]\na = Placeholder i32[?]\ny = Max:f32 x a | keep_dims=true", "[?,?]"},
    {"x = Placeholder f32[2,3]\na = Const i32[] = 2\ny = Max:f32 x a", "! a tensor that has axis 2"},
    {"x = Placeholder f32[?,3]\na = Const i32[] = 1\ny = ArgMax:f32 x a", "[?]"},
    {"x = Placeholder f32[?,3]\nk = Const i32[] = 2\ny = TopKV2:f32 x k", "[?,2]"},
    {"x = Placeholder f32[?,3]\nk = Const i32[] = 4\ny = TopKV2:f32 x k", "! at least 4 columns, not 3"},
    {"x = Placeholder f32[?,3]\nl = Placeholder i64[5]\ny = SparseSoftmaxCrossEntropyWithLogits:f32 x l",
     "[5] [5,3]"},
    {"x = Placeholder f32[?,3]\ny = L2Loss:f32 x", "[]"},
    {"x = Placeholder f32[?,3]\nw = Const f32[3,4]\ny = MatMul:f32 x w", "[?,4]"},
    {"x = Placeholder f32[3,5]\nw = Const f32[4,3]\ny = MatMul:f32 x w | transpose_a=true transpose_b=true",
     "[5,4]"},
    {"x = Placeholder f32[?,5]\nw = Const f32[3,4]\ny = MatMul:f32 x w",
     "! as many columns on the left as rows on the right, not 5 and 3"},
    {"x = Placeholder f32[1,2,3]\nw = Const f32[3,4]\ny = MatMul:f32 x w", "! 2 dimensions, not [1,2,3]"},
    {"x = Placeholder f32[?,2,3]\nw = Placeholder f32[7,3,4]\ny = BatchMatMul:f32 x w", "[7,2,4]"},
    {"x = Placeholder f32[?,2,3]\nw = Const f32[4,3]\ny = BatchMatMulV2:f32 x w | adj_y=true", "[?,2,4]"},
    {"x = Placeholder f32[6,2,3]\nw = Placeholder f32[7,3,4]\ny = BatchMatMul:f32 x w",
     "! equal sizes, not 6 and 7"},
};

TEST(ShapeElements, AreAsTensorFlowInfersThem) { expect_shapes(kElementCases); }

TEST(ShapeElements, AreNotContradictedByKnowingLess) { expect_truth_of_less(kElementCases); }

}  // namespace
}  // namespace thaw::internal
