// Some of the elements.
#include "passes/shape_cases.h"

namespace thaw::internal {
namespace {

const ShapeCases kSliceCases = {
    {"x = Placeholder f32[?,9]\nb = Const i32[2] = 0 2\ns = Const i32[2] = -1 3\ny = Slice:f32 x b s",
     "[?,3]"},
    {"x = Placeholder f32[4,9]\nb = Const i32[2] = 1 2\ns = Const i32[2] = -1 3\ny = Slice:f32 x b s",
     "[3,3]"},
    {"x = Placeholder f32[4,4]\nb = Const i32[2] = 1 2\ns = Const i32[2] = -1 3\ny = Slice:f32 x b s",
     "! at least 5, not 4"},
    {"x = Placeholder f32[7,9]\nb = Const i32[1] = 1\ne = Const i32[1] = 6\ns = Const i32[1] = 2\ny = "
     "StridedSlice:f32 x b e s",
     "[3,9]"},
    {"x = Placeholder f32[7,9]\nb = Const i32[1] = -1\ne = Const i32[1] = 0\ns = Const i32[1] = 1\n"
     "y = StridedSlice:f32 x b e s | shrink_axis_mask=1",
     "[9]"},
    {"x = Placeholder f32[7,9]\nb = Const i32[1] = 7\ne = Const i32[1] = 8\ns = Const i32[1] = 1\n"
     "y = StridedSlice:f32 x b e s | shrink_axis_mask=1",
     "! a dimension that has index 7, not one of size 7"},
    {"x = Placeholder f32[2,3,4,5]\nb = Const i32[2] = 0 1\ne = Const i32[2] = 0 3\ns = Const i32[2] = 1 1\n"
     "y = StridedSlice:f32 x b e s | ellipsis_mask=1",
     "[2,3,4,2]"},
    {"x = Placeholder f32[2,3]\nb = Const i32[2] = 0 0\ne = Const i32[2] = 0 9\ns = Const i32[2] = 1 -1\n"
     "y = StridedSlice:f32 x b e s | new_axis_mask=1 begin_mask=2 end_mask=2",
     "[1,2,3]"},
    {"x = Placeholder f32[?,3]\nb = Const i32[2] = 0 0\ne = Const i32[2] = 4 0\ns = Const i32[2] = 1 1\n"
     "y = StridedSlice:f32 x b e s | end_mask=2",
     "[?,3]"},
    {"x = Placeholder f32[5]\nb = Const i32[1] = 4\ne = Const i32[1] = -9\ns = Const i32[1] = -2\ny = "
     "StridedSlice:f32 x b e s",
     "[3]"},
    {"x = Placeholder f32[5]\nb = Const i32[2] = 0 0\ne = Const i32[2] = 1 1\ns = Const i32[2] = 1 1\ny = "
     "StridedSlice:f32 x b e s",
     "! more dimensions than [5] has"},
    {"x = Placeholder f32[5,6]\ni = Placeholder i32[?,2]\na = Const i32[] = 1\ny = GatherV2 x i a | "
     "Tparams=:f32",
     "[5,?,2]"},
    {"x = Placeholder f32[5,6,7]\ni = Placeholder i32[?,2]\ny = GatherNd x i | Tparams=:f32", "[?,7]"},
    {"x = Placeholder f32[5]\ni = Placeholder i32[?,2]\ny = GatherNd x i | Tparams=:f32",
     "! at least 2 dimensions, not [5]"},
};

TEST(ShapeSlices, AreAsTensorFlowInfersThem) { expect_shapes(kSliceCases); }

TEST(ShapeSlices, AreNotContradictedByKnowingLess) { expect_truth_of_less(kSliceCases); }

}  // namespace
}  // namespace thaw::internal
