#include "ops/quantized_ops.h"

#include <algorithm>
#include <array>

namespace thaw::internal {

namespace {

using enum QuantizedKind;

constexpr std::uint32_t slots(std::initializer_list<int> list) {
  std::uint32_t mask = 0;
  for (const int slot : list) mask |= 1u << slot;
  return mask;
}

constexpr std::array kQuantizedOps = std::to_array<QuantizedOp>({
    {"Dequantize", dequantizes, "Identity", slots({0}), slots({1, 2}), ""},
    {"Quantize", quantizes, "Identity", 0, slots({1, 2}), ""},
    {"QuantizeDownAndShrinkRange", requantizes, "Identity", slots({0}), slots({1, 2}), ""},
    {"QuantizeV2", quantizes, "Identity", 0, slots({1, 2}), ""},
    {"QuantizedAdd", computes, "AddV2", slots({0, 1}), slots({2, 3, 4, 5}), ""},
    {"QuantizedAvgPool", computes, "AvgPool", slots({0}), slots({1, 2}), "ksize strides padding"},
    {"QuantizedBatchNormWithGlobalNormalization", computes, "BatchNormWithGlobalNormalization",
     slots({0, 3, 6, 9, 12}), slots({1, 2, 4, 5, 7, 8, 10, 11, 13, 14}),
     "variance_epsilon scale_after_normalization"},
    {"QuantizedBiasAdd", computes, "BiasAdd", slots({0, 1}), slots({2, 3, 4, 5}), ""},
    {"QuantizedConcat", computes, "Concat", 0, 0, "N"},
    {"QuantizedConv2D", computes, "Conv2D", slots({0, 1}), slots({2, 3, 4, 5}), "strides padding dilations"},
    {"QuantizedMatMul", computes, "MatMul", slots({0, 1}), slots({2, 3, 4, 5}), "transpose_a transpose_b"},
    {"QuantizedMaxPool", computes, "MaxPool", slots({0}), slots({1, 2}), "ksize strides padding"},
    {"QuantizedMul", computes, "Mul", slots({0, 1}), slots({2, 3, 4, 5}), ""},
    {"QuantizedRelu", computes, "Relu", slots({0}), slots({1, 2}), ""},
    {"QuantizedRelu6", computes, "Relu6", slots({0}), slots({1, 2}), ""},
    {"QuantizedReshape", computes, "Reshape", slots({0}), slots({2, 3}), "Tshape"},
    {"QuantizedResizeBilinear", computes, "ResizeBilinear", slots({0}), slots({2, 3}),
     "align_corners half_pixel_centers"},
    {"RequantizationRange", measures, "", slots({0}), slots({1, 2}), ""},
    {"Requantize", requantizes, "Identity", slots({0}), slots({1, 2, 3, 4}), ""},
});

static_assert(std::ranges::is_sorted(kQuantizedOps, {}, &QuantizedOp::op));

}  // namespace

const QuantizedOp* find_quantized_op(std::string_view op) {
  const auto row = std::ranges::lower_bound(kQuantizedOps, op, {}, &QuantizedOp::op);
  return row == kQuantizedOps.end() || row->op != op ? nullptr : &*row;
}

bool measures_ranges(std::string_view op) {
  return op == "Const" || op == "Identity" || op == "Min" || op == "Max" || op == "Reshape" ||
         op == "RequantizationRange";
}

// QuantizeAndDequantize and its versions take and give floats, and have a gradient.
bool is_quantized_op(std::string_view op) {
  const bool by_name =
      op.starts_with("Quantize") || op.starts_with("Requanti") || op.starts_with("Dequantize");
  return by_name && !op.starts_with("QuantizeAndDequantize");
}

}  // namespace thaw::internal
