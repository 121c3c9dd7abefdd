#include "ops/runtime_gradients.h"

#include <algorithm>
#include <array>

namespace thaw::internal {

namespace {

// What GetOpGradientCreator knows in TensorFlow 2.21 (core/ops/*_grad.cc), those without a gradient among
// them. Left out is what it gets wrong: convolutions and pools forget dilations, explicit padding and the
// order of dimensions; Asinh, Acosh, a Slice up to the end and a Cast by way of integers give wrong
// gradients; sums and maxima along negative axes end in errors (tests/judge/test_runtime_gradients.py).
constexpr auto kKnown = std::to_array<std::string_view>({
    "Abs",
    "Acos",
    "Add",
    "AddV2",
    "Asin",
    "Atan",
    "Atanh",
    "BatchMatMul",
    "BatchMatMulV2",
    "BiasAdd",
    "BroadcastTo",

    "Concat",
    "ConcatV2",
    "Const",
    "Cos",
    "Cosh",
    "Div",
    "DivNoNan",
    "EditDistance",
    "Equal",
    "Exp",
    "ExpandDims",
    "Expm1",
    "FakeQuantWithMinMaxArgsGradient",
    "FakeQuantWithMinMaxVarsGradient",
    "FakeQuantWithMinMaxVarsPerChannelGradient",
    "Fill",
    "Floor",
    "FloorDiv",
    "GatherNd",
    "Greater",
    "GreaterEqual",
    "Identity",
    "Inv",
    "Less",
    "LessEqual",
    "LinSpace",
    "Log",
    "Log1p",
    "LogSoftmax",
    "LogicalAnd",
    "LogicalNot",
    "LogicalOr",
    "MatMul",
    "Maximum",
    "Minimum",
    "Mul",
    "MulNoNan",
    "Neg",
    "NoOp",
    "NotEqual",
    "OnesLike",
    "Pack",
    "Pow",
    "RandomUniform",
    "Range",
    "Rank",
    "RealDiv",
    "Reciprocal",
    "Relu",
    "Relu6",
    "Reshape",
    "Reverse",
    "ReverseV2",
    "Rsqrt",
    "Select",
    "Shape",
    "Sigmoid",
    "Sign",
    "Sin",
    "Sinh",
    "Size",
    "Softmax",
    "Split",
    "SplitV",
    "Sqrt",
    "Square",
    "SquaredDifference",
    "Squeeze",
    "StatelessMultinomial",
    "StatelessRandomNormal",
    "StatelessRandomUniform",
    "StatelessTruncatedNormal",
    "StopGradient",
    "StridedSlice",
    "Sub",
    "Tan",
    "Tanh",
    "Transpose",
    "TruncateDiv",
    "Unpack",
    "Xdivy",
    "Xlog1py",
    "Xlogy",
    "ZerosLike",
});

static_assert(std::ranges::is_sorted(kKnown));

}  // namespace

bool has_runtime_gradient(std::string_view op) { return std::ranges::binary_search(kKnown, op); }

}  // namespace thaw::internal
