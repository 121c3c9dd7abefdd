// Normalisation, recurrent cells, TensorArrays, variables.
#include "passes/shape_cases.h"

namespace thaw::internal {
namespace {

const ShapeCases kLayerCases = {
    {"x = Placeholder f32[?,4,4,?]\nv = Const f32[3]\ny = FusedBatchNorm:f32 x v v v v | is_training=false",
     "[?,4,4,3] [3] [3] [3] [3]"},
    {"x = Placeholder f32[?,4,4,5]\nv = Const f32[3]\ny = FusedBatchNorm:f32 x v v v v | is_training=false",
     "! equal sizes, not 5 and 3"},
    {"m = Const i64[] = 5\nx = Placeholder f32[5,?,6]\nc = Const f32[1,4] splat 0\nw = Const f32[10,16]\np = "
     "Const f32[4]\n"
     "b = Const f32[16]\ny = BlockLSTM:f32 m x c c w p p p b",
     "[5,?,4]"},
    {"m = Const i64[] = 5\nx = Placeholder f32[5,2,6]\nc = Const f32[1,4] splat 0\nw = Const f32[10,16]\np = "
     "Const f32[4]\n"
     "b = Const f32[16]\ny = BlockLSTM:f32 m x c c w p p p b",
     "! equal sizes, not 1 and 2"},
    {"m = Const i64[] = 5\nx = Placeholder f32[5,1,7]\nc = Const f32[1,4] splat 0\nw = Const f32[10,16]\np = "
     "Const f32[4]\n"
     "b = Const f32[16]\ny = BlockLSTM:f32 m x c c w p p p b",
     "! equal sizes, not 10 and 11"},
    {"x = Placeholder f32[?,6]\nc = Const f32[1,4] splat 0\nw = Const f32[10,16]\np = Const f32[4]\nb = "
     "Const f32[16]\n"
     "y = LSTMBlockCell:f32 x c c w p p p b",
     "[1,4]"},
    {"x = Placeholder f32[3,6]\nc = Const f32[1,4] splat 0\nw = Const f32[10,8]\np = Const f32[4]\n"
     "y = GRUBlockCell:f32 x c w w p p",
     "! equal sizes, not 3 and 1"},
    {"n = Const i32[] = 3\na = TensorArrayV3 n | dtype=:f32\ni = Const i32[3] = 0 1 2\nx = Placeholder "
     "f32[3,4]\n"
     "y = TensorArrayScatterV3:f32 a i x a:1",
     "[]"},
    {"n = Const i32[] = 3\na = TensorArrayV3 n | dtype=:f32\ni = Const i32[3] = 0 1 2\nx = Placeholder "
     "f32[4,4]\n"
     "y = TensorArrayScatterV3:f32 a i x a:1",
     "! equal sizes, not 3 and 4"},
    {"n = Const i32[] = 3\na = TensorArrayV3 n | dtype=:f32\ni = Placeholder i32[?]\nx = Placeholder "
     "f32[4,4]\n"
     "y = TensorArrayScatterV3:f32 a i x a:1",
     "! at most 3 rows, as the TensorArray has elements, not 4"},
    {"n = Const i32[] = 3\na = TensorArrayV3 n | dtype=:f32 dynamic_size=true\ni = Placeholder i32[?]\nx = "
     "Placeholder f32[4,4]\n"
     "y = TensorArrayScatterV3:f32 a i x a:1",
     "[]"},
    {"n = Const i32[] = 3\na = TensorArrayV3 n | dtype=:f32 element_shape=(?,4)\ni = Const i32[] = 0\n"
     "y = TensorArrayReadV3 a i a:1 | dtype=:f32",
     "[?,4]"},
    {"v = VarHandleOp | dtype=:f32 shape=(3,4)\ny = ReadVariableOp v | dtype=:f32", "[3,4]"},
    {"v = VarHandleOp | dtype=:f32 shape=(3,4)\ni = Placeholder i32[?]\ny = ResourceGather v i | dtype=:f32",
     "[?,4]"},
};

TEST(ShapeLayers, AreAsTensorFlowInfersThem) { expect_shapes(kLayerCases); }

TEST(ShapeLayers, AreNotContradictedByKnowingLess) { expect_truth_of_less(kLayerCases); }

}  // namespace
}  // namespace thaw::internal
