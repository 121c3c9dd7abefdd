#include "ops/op_slots.h"

#include <algorithm>
#include <array>

namespace thaw::internal {

namespace {

// `slots` is a bit mask; bit 31 stands for the last input, whatever its number.
struct StructuralRow {
  std::string_view op;
  std::uint32_t slots;
};
constexpr std::uint32_t bit(int slot) { return 1u << slot; }
constexpr std::uint32_t kLast = 1u << 31;
constexpr std::uint32_t kAll = 0x7FFFFFFF;

constexpr std::array kStructural = std::to_array<StructuralRow>({
    {"All", bit(1)},
    {"Any", bit(1)},
    {"ArgMax", bit(1)},
    {"ArgMin", bit(1)},
    {"Assert", kAll},
    {"BatchToSpace", bit(1)},
    {"BatchToSpaceND", bit(1) | bit(2)},
    {"Bincount", bit(1)},
    {"BroadcastArgs", kAll},
    {"BroadcastGradientArgs", kAll},
    {"BroadcastTo", bit(1)},
    {"ClipByValue", bit(1) | bit(2)},
    {"Concat", bit(0)},
    {"ConcatV2", kLast},
    {"Conv2DBackpropFilter", bit(1)},
    {"Conv2DBackpropInput", bit(0)},
    {"Conv3DBackpropFilterV2", bit(1)},
    {"Conv3DBackpropInputV2", bit(0)},
    {"CropAndResize", bit(3)},
    {"Cumprod", bit(1)},
    {"Cumsum", bit(1)},
    {"DepthwiseConv2dNativeBackpropFilter", bit(1)},
    {"DepthwiseConv2dNativeBackpropInput", bit(0)},
    {"Dequantize", bit(1) | bit(2)},
    {"EnsureShape", bit(1)},
    {"EuclideanNorm", bit(1)},
    {"ExpandDims", bit(1)},
    {"ExtractGlimpse", bit(1)},
    {"Fill", bit(0) | bit(1)},
    {"FusedPadConv2D", bit(1)},
    {"FusedResizeAndPadConv2D", bit(1) | bit(2)},
    {"GatherV2", bit(2)},
    {"InvertPermutation", bit(0)},
    {"LinSpace", kAll},
    {"MatrixDiagV2", bit(1) | bit(2) | bit(3) | bit(4)},
    {"MatrixSetDiagV2", bit(2)},
    {"Max", bit(1)},
    {"Mean", bit(1)},
    {"Min", bit(1)},
    {"MirrorPad", bit(1)},
    {"Multinomial", bit(1)},
    {"NonMaxSuppression", bit(2)},
    {"NonMaxSuppressionV2", bit(2) | bit(3)},
    {"NonMaxSuppressionV3", bit(2) | bit(3) | bit(4)},
    {"NonMaxSuppressionV4", bit(2) | bit(3) | bit(4)},
    {"NonMaxSuppressionV5", bit(2) | bit(3) | bit(4) | bit(5)},
    {"OneHot", bit(1) | bit(2) | bit(3)},
    {"Pad", bit(1)},
    {"PadV2", bit(1) | bit(2)},
    {"ParseExample", kAll},
    {"Placeholder", kAll},
    {"Prod", bit(1)},
    {"QuantizeV2", bit(1) | bit(2)},
    {"RandomStandardNormal", bit(0)},
    {"RandomUniform", bit(0)},
    {"RandomUniformInt", kAll},
    {"Range", kAll},
    {"Reshape", bit(1)},
    {"ResizeArea", bit(1)},
    {"ResizeBicubic", bit(1)},
    {"ResizeBilinear", bit(1)},
    {"ResizeNearestNeighbor", bit(1)},
    {"RestoreV2", kAll},
    {"Reverse", bit(1)},
    {"ReverseSequence", bit(1)},
    {"ReverseV2", bit(1)},
    {"Roll", bit(1) | bit(2)},
    {"SaveV2", bit(0) | bit(1) | bit(2)},
    {"ScatterNd", bit(2)},
    {"Slice", bit(1) | bit(2)},
    {"SpaceToBatch", bit(1)},
    {"SpaceToBatchND", bit(1) | bit(2)},
    {"SparseToDense", bit(1) | bit(3)},
    {"Split", bit(0)},
    {"SplitV", bit(1) | bit(2)},
    {"StridedSlice", bit(1) | bit(2) | bit(3)},
    {"Sum", bit(1)},
    {"TensorArrayV3", bit(0)},
    {"TensorListFromTensor", bit(1)},
    {"TensorListReserve", kAll},
    {"TensorListStack", bit(1)},
    {"Tile", bit(1)},
    {"TopKV2", bit(1)},
    {"Transpose", bit(1)},
    {"TruncatedNormal", bit(0)},
    {"UniqueV2", bit(1)},
});

struct TransparentRow {
  std::string_view op;
  int slot;  // -1: any; -2: any but the last; -3: any but the first
};
constexpr std::array kTransparent = std::to_array<TransparentRow>({
    {"Cast", 0},
    {"Concat", -3},
    {"ConcatV2", -2},
    {"Dequantize", 0},
    {"Enter", 0},
    {"ExpandDims", 0},
    {"FakeQuantWithMinMaxArgs", 0},
    {"FakeQuantWithMinMaxVars", 0},
    {"FakeQuantWithMinMaxVarsPerChannel", 0},
    {"Identity", 0},
    {"IdentityN", -1},
    {"Pack", -1},
    {"ParallelConcat", -1},
    {"PreventGradient", 0},
    {"Reshape", 0},
    {"ReverseV2", 0},
    {"Slice", 0},
    {"Snapshot", 0},
    {"Split", 1},
    {"SplitV", 0},
    {"Squeeze", 0},
    {"StopGradient", 0},
    {"StridedSlice", 0},
    {"Switch", 0},
    {"Tile", 0},
    {"Transpose", 0},
    {"Unpack", 0},
    {"_SwitchN", 0},
});

constexpr std::array kArithmetic = std::to_array<std::string_view>({
    "Add",
    "AddN",
    "AddV2",
    "Div",
    "DivNoNan",
    "Maximum",
    "Minimum",
    "Mul",
    "MulNoNan",
    "Pow",
    "RealDiv",
    "Sub",
    "SquaredDifference",
    "TruncateDiv",
});
constexpr std::array kUnary = std::to_array<std::string_view>({
    "Abs",  "Elu",     "Erf",      "Exp",        "Expm1", "Inv",    "LeakyRelu",
    "Log",  "Log1p",   "Neg",      "Reciprocal", "Relu",  "Relu6",  "Rsqrt",
    "Selu", "Sigmoid", "Softplus", "Softsign",   "Sqrt",  "Square", "Tanh",
});
constexpr std::array kKeepsChannels = std::to_array<std::string_view>({
    "AvgPool",
    "AvgPool3D",
    "BatchNormWithGlobalNormalization",
    "BatchToSpaceND",
    "BiasAdd",
    "Cast",
    "CheckNumerics",
    "FakeQuantWithMinMaxArgs",
    "FakeQuantWithMinMaxVars",
    "FusedBatchNorm",
    "FusedBatchNormV2",
    "FusedBatchNormV3",
    "Dequantize",
    "Identity",
    "LRN",
    "MaxPool",
    "MaxPool3D",
    "Merge",
    "MirrorPad",
    "Pad",
    "PadV2",
    "ResizeBilinear",
    "ResizeNearestNeighbor",
    "Softmax",
    "LogSoftmax",
    "SpaceToBatchND",
    "StopGradient",
    "Switch",
    "_FusedBatchNormEx",
    "PlaceholderWithDefault",
    "QuantizeV2",
    "QuantizedBiasAdd",
    "QuantizedRelu",
    "QuantizedRelu6",
    "QuantizedMaxPool",
    "QuantizedAvgPool",
    "Requantize",
});
constexpr std::array kCalls = std::to_array<std::string_view>({
    "Case",
    "If",
    "PartitionedCall",
    "StatefulPartitionedCall",
    "StatelessCase",
    "StatelessIf",
    "StatelessWhile",
    "While",
});

template <typename Table>
bool holds(const Table& table, std::string_view op) {
  return std::ranges::find(table, op) != table.end();
}

}  // namespace

bool is_structural_slot(std::string_view op, std::uint32_t slot, std::uint32_t data_inputs) {
  const auto row = std::ranges::lower_bound(kStructural, op, {}, &StructuralRow::op);
  if (row == kStructural.end() || row->op != op) return false;
  if ((row->slots & kLast) != 0 && slot + 1 == data_inputs) return true;
  return slot < 31 && (row->slots & (1u << slot)) != 0;
}

bool is_transparent(std::string_view op, std::uint32_t slot, std::uint32_t data_inputs) {
  const auto row = std::ranges::find(kTransparent, op, &TransparentRow::op);
  if (row == kTransparent.end()) return false;
  if (row->slot == -1) return true;
  if (row->slot == -2) return slot + 1 < data_inputs;
  if (row->slot == -3) return slot > 0;
  return static_cast<int>(slot) == row->slot;
}

bool is_arithmetic(std::string_view op) { return holds(kArithmetic, op); }
bool is_elementwise_unary(std::string_view op) { return holds(kUnary, op); }
bool keeps_channels(std::string_view op) { return holds(kKeepsChannels, op); }
bool is_call(std::string_view op) { return holds(kCalls, op); }

bool is_random(std::string_view op) {
  return op.find("Random") != std::string_view::npos || op == "TruncatedNormal" || op == "Multinomial" ||
         op == "ParameterizedTruncatedNormal";
}

static_assert(std::ranges::is_sorted(kStructural, {}, &StructuralRow::op));

}  // namespace thaw::internal
