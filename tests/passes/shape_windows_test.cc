// Convolutions, pools, images and sound.
#include "passes/shape_cases.h"

namespace thaw::internal {
namespace {

const ShapeCases kWindowCases = {
    {"x = Placeholder f32[?,28,28,3]\nk = Const f32[5,5,3,8]\ny = Conv2D:f32 x k | strides=[1,2,2,1] "
     "padding=SAME",
     "[?,14,14,8]"},
    {"x = Placeholder f32[?,28,?,3]\nk = Const f32[5,5,3,8]\ny = Conv2D:f32 x k | strides=[1,2,2,1] "
     "padding=VALID",
     "[?,12,?,8]"},
    {"x = Placeholder f32[?,3,28,28]\nk = Const f32[5,5,3,8]\ny = Conv2D:f32 x k | strides=[1,1,2,2] "
     "padding=VALID data_format=NCHW",
     "[?,8,12,12]"},
    {"x = Placeholder f32[?,9,9,3]\nk = Const f32[3,3,3,8]\ny = Conv2D:f32 x k | strides=[1,1,1,1] "
     "dilations=[1,2,2,1] padding=VALID",
     "[?,5,5,8]"},
    {"x = Placeholder f32[?,9,9,3]\nk = Const f32[3,3,3,8]\n"
     "y = Conv2D:f32 x k | strides=[1,1,1,1] padding=EXPLICIT explicit_paddings=[0,0,1,1,0,2,0,0]",
     "[?,9,9,8]"},
    {"x = Placeholder f32[?,3,3,3]\nk = Const f32[5,5,3,8]\ny = Conv2D:f32 x k | strides=[1,1,1,1] "
     "padding=VALID",
     "! at least 5 under the window, not 3"},
    {"x = Placeholder f32[?,9,9,4]\nk = Const f32[3,3,3,8]\ny = Conv2D:f32 x k | strides=[1,1,1,1] "
     "padding=SAME",
     "! 3 channels, as the kernel has, not 4"},
    {"x = Placeholder f32[?,9,9,6]\nk = Const f32[3,3,3,8]\ny = Conv2D:f32 x k | strides=[1,1,1,1] "
     "padding=SAME",
     "[?,9,9,8]"},
    {"x = Placeholder f32[9,9,3]\nk = Const f32[3,3,3,8]\ny = Conv2D:f32 x k | strides=[1,1,1,1] "
     "padding=SAME",
     "! 4 dimensions, not [9,9,3]"},
    {"x = Placeholder f32[?,9,9,3]\nk = Const f32[3,3,3,2]\ny = DepthwiseConv2dNative:f32 x k | "
     "strides=[1,1,1,1] padding=SAME",
     "[?,9,9,6]"},
    {"x = Placeholder f32[?,9,9,4]\nk = Const f32[3,3,3,2]\ny = DepthwiseConv2dNative:f32 x k | "
     "strides=[1,1,1,1] padding=SAME",
     "! equal sizes, not 4 and 3"},
    {"x = Placeholder f32[?,9,9,9,2]\nk = Const f32[3,3,3,2,4]\ny = Conv3D:f32 x k | strides=[1,1,1,1,1] "
     "padding=VALID",
     "[?,7,7,7,4]"},
    {"x = Placeholder f32[?,9,9,9,2]\nk = Const f32[3,3,3,2,4]\n"
     "y = Conv3D:f32 x k | strides=[1,1,1,1,1] dilations=[1,2,1,1,1] padding=VALID",
     "[?,?,?,?,4]"},
    {"s = Const i32[4] = 1 8 8 3\nk = Const f32[3,3,3,5]\ng = Placeholder f32[?,4,4,5]\n"
     "y = Conv2DBackpropInput:f32 s k g | strides=[1,2,2,1] padding=SAME",
     "[1,8,8,3]"},
    {"s = Const i32[4] = 1 8 8 3\nk = Const f32[3,3,3,5]\ng = Placeholder f32[2,4,4,5]\n"
     "y = Conv2DBackpropInput:f32 s k g | strides=[1,2,2,1] padding=SAME",
     "! equal sizes, not 1 and 2"},
    {"x = Placeholder f32[?,28,27,3]\ny = MaxPool:f32 x | ksize=[1,2,2,1] strides=[1,2,2,1] padding=SAME",
     "[?,14,14,3]"},
    {"x = Placeholder f32[?,28,27,4]\ny = MaxPool:f32 x | ksize=[1,1,1,2] strides=[1,1,1,2] padding=SAME",
     "[?,?,?,?]"},
    {"x = Placeholder f32[?,3,8,8]\ny = AvgPool:f32 x | ksize=[1,1,8,8] strides=[1,1,1,1] padding=VALID "
     "data_format=NCHW",
     "[?,3,1,1]"},
    {"x = Placeholder f32[?,6,8,3]\ny = AvgPool:f32 x | ksize=[1,8,8,1] strides=[1,1,1,1] padding=VALID",
     "! at least 8 under the window, not 6"},
    {"x = Placeholder f32[?,3,3,2]\nk = Const f32[3,3,2]\n"
     "y = Dilation2D:f32 x k | strides=[1,1,1,1] rates=[1,2,2,1] padding=VALID",
     "[?,?,?,2]"},
    {"x = Placeholder f32[?,5,?,3]\ns = Const i32[2] = 7 8\ny = ResizeBilinear:f32 x s", "[?,7,8,3]"},
    {"x = Placeholder f32[?,4,6,3]\ny = SpaceToDepth:f32 x | block_size=2", "[?,2,3,12]"},
    {"x = Placeholder f32[?,5,6,3]\ny = SpaceToDepth:f32 x | block_size=2", "! a multiple of 2, not 5"},
    {"x = Placeholder f32[?,2,3,12]\ny = DepthToSpace:f32 x | block_size=2", "[?,4,6,3]"},
    {"x = Placeholder f32[3,8,9]\nb = Const i32[1] = 2\np = Const i32[1,2] = 1 1\ny = SpaceToBatchND:f32 x b "
     "p",
     "[6,5,9]"},
    {"x = Placeholder f32[6,5,9]\nb = Const i32[1] = 2\np = Const i32[1,2] = 1 1\ny = BatchToSpaceND:f32 x b "
     "p",
     "[3,8,9]"},
    {"x = Placeholder f32[16000,1]\ny = AudioSpectrogram x | window_size=640 stride=320", "[1,49,513]"},
};

TEST(ShapeWindows, AreAsTensorFlowInfersThem) { expect_shapes(kWindowCases); }

TEST(ShapeWindows, AreNotContradictedByKnowingLess) { expect_truth_of_less(kWindowCases); }

}  // namespace
}  // namespace thaw::internal
