// The same elements in another form; joined and taken apart.
#include "passes/shape_cases.h"

namespace thaw::internal {
namespace {

const ShapeCases kArrayCases = {
    {"x = Placeholder f32[?,4,3]\ns = Const i32[2] = -1 12\ny = Reshape:f32 x s", "[?,12]"},
    {"x = Placeholder f32[5,4,3]\ns = Const i32[2] = -1 12\ny = Reshape:f32 x s", "[5,12]"},
    {"x = Placeholder f32[5,4,3]\ns = Const i32[2] = 5 12\ny = Reshape:f32 x s", "[5,12]"},
    {"x = Placeholder f32[5,4,3]\ns = Const i32[2] = 1 12\ny = Reshape:f32 x s",
     "! 12 elements for [1,12], not 60"},
    {"x = Placeholder f32[5,3]\ns = Const i32[2] = -1 12\ny = Reshape:f32 x s",
     "! a multiple of 12 elements for [?,12], not 15"},
    {"x = Placeholder f32[?,5]\ns = Const i32[2] = 2 6\ny = Reshape:f32 x s",
     "! 12 elements for [2,6], not a multiple of 5"},
    {"x = Placeholder f32[?,6]\ns = Const i32[2] = 2 6\ny = Reshape:f32 x s", "[2,6]"},
    {"x = Placeholder f32[0,6]\ns = Const i32[2] = -1 3\ny = Reshape:f32 x s", "[0,3]"},
    {"x = Placeholder f32[6]\ns = Placeholder i32[3]\ny = Reshape:f32 x s", "[?,?,?]"},
    {"x = Placeholder f32[6]\ns = Placeholder i32[?]\ny = Reshape:f32 x s", "<unknown>"},
    {"x = Placeholder f32[1,3]\ns = Const i32[2] = 4 3\ny = BroadcastTo:f32 x s", "[4,3]"},
    {"x = Placeholder f32[2,3]\ns = Const i32[2] = 4 3\ny = BroadcastTo:f32 x s",
     "! equal sizes, not 2 and 4"},
    {"x = Placeholder f32[?,3]\na = Const i32[] = -1\ny = ExpandDims:f32 x a", "[?,3,1]"},
    {"x = Placeholder f32[?,3]\na = Const i32[] = 4\ny = ExpandDims:f32 x a", "! a tensor that has axis 4"},
    {"x = Placeholder f32[?,1,3]\ny = Squeeze:f32 x | squeeze_dims=[1]", "[?,3]"},
    {"x = Placeholder f32[2,1,3]\ny = Squeeze:f32 x", "[2,3]"},
    {"x = Placeholder f32[?,1,3]\ny = Squeeze:f32 x", ""},
    {"x = Placeholder f32[?,2,3]\ny = Squeeze:f32 x | squeeze_dims=[1]", "! 1 in dimension 1, not 2"},
    {"x = Placeholder f32[?,2,3]\np = Const i32[3] = 1 0 2\ny = Transpose:f32 x p", "[2,?,3]"},
    {"x = Placeholder f32[2,3]\np = Const i32[3] = 1 0 2\ny = Transpose:f32 x p",
     "! 3 dimensions, not [2,3]"},
    {"x = Placeholder f32[2,3]\nm = Const i32[2] = 1 4\ny = Tile:f32 x m", "[2,12]"},
    {"x = Placeholder f32[2,?]\np = Const i32[2,2] = 1 1 0 2\ny = Pad:f32 x p", "[4,?]"},
    {"x = Placeholder f32[2]\np = Const i32[2,2] = 1 1 0 2\ny = Pad:f32 x p", "! 2 dimensions, not [2]"},
    {"x = Placeholder i32[?,5]\nd = Const i32[] = 7\no = Const f32[] = 1\ny = OneHot x d o o | T=:f32 "
     "axis=-1",
     "[?,5,7]"},
    {"s = Const i32[2] = 1 8\nz = Const f32[] = 0\ny = Fill:f32 s z", "[1,8]"},
    {"x = Placeholder f32[?,8]\nz = Const f32[1,8]\na = Const i32[] = 1\ny = ConcatV2:f32 x z a | N=2",
     "[1,16]"},
    {"x = Placeholder f32[4,8]\nz = Const f32[1,8]\na = Const i32[] = 1\ny = ConcatV2:f32 x z a | N=2",
     "! equal sizes, not 4 and 1"},
    {"a = Const i32[] = 0\nx = Placeholder f32[?,8]\ny = Concat:f32 a x x | N=2", "[?,8]"},
    {"x = Placeholder f32[?,8]\nz = Placeholder f32[2,?]\ny = Pack:f32 x z | N=2 axis=1", "[2,2,8]"},
    {"x = Placeholder f32[3,8]\nz = Placeholder f32[2,8]\ny = Pack:f32 x z | N=2 axis=0",
     "! equal sizes, not 3 and 2"},
    {"x = Placeholder f32[?,3,8]\ny = Unpack:f32 x | num=3 axis=1", "[?,8]"},
    {"x = Placeholder f32[?,4,8]\ny = Unpack:f32 x | num=3 axis=1",
     "! 3 in dimension 1, one for each output, not 4"},
    {"a = Const i32[] = 1\nx = Placeholder f32[?,12]\ny = Split:f32 a x | num_split=4", "[?,3]"},
    {"a = Const i32[] = 1\nx = Placeholder f32[?,10]\ny = Split:f32 a x | num_split=4",
     "! a multiple of 4, not 10"},
    {"x = Placeholder f32[?,9]\ns = Const i32[2] = 4 -1\na = Const i32[] = 1\ny = SplitV:f32 x s a | "
     "num_split=2",
     "[?,4] [?,5]"},
    {"x = Placeholder f32[?,9]\ns = Const i32[2] = 4 4\na = Const i32[] = 1\ny = SplitV:f32 x s a | "
     "num_split=2",
     "! 8 in all, as {4,4} says, not 9"},
};

TEST(ShapeArrays, AreAsTensorFlowInfersThem) { expect_shapes(kArrayCases); }

TEST(ShapeArrays, AreNotContradictedByKnowingLess) { expect_truth_of_less(kArrayCases); }

}  // namespace
}  // namespace thaw::internal
