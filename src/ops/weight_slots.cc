#include "ops/weight_slots.h"

#include <algorithm>
#include <array>

namespace thaw::internal {

namespace {

using enum Part;

// Sorted by op. Slots from the kernels' own registrations (core/ops/nn_ops.cc, math_ops.cc, rnn_ops.cc,
// array_ops.cc).
constexpr std::array kWeightSlots = std::to_array<WeightSlot>({
    {"BatchMatMul", 0, kernel, 1},
    {"BatchMatMul", 1, kernel, 0},
    {"BatchMatMulV2", 0, kernel, 1},
    {"BatchMatMulV2", 1, kernel, 0},
    {"BatchMatMulV3", 0, kernel, 1},
    {"BatchMatMulV3", 1, kernel, 0},
    {"BatchNormWithGlobalNormalization", 1, mean, 0},
    {"BatchNormWithGlobalNormalization", 2, variance, 0},
    {"BatchNormWithGlobalNormalization", 3, beta, 0},
    {"BatchNormWithGlobalNormalization", 4, gamma, 0},
    {"BiasAdd", 1, bias, 0},
    {"BiasAddV1", 1, bias, 0},
    {"BlockLSTM", 2, initial_state, 1},
    {"BlockLSTM", 3, initial_state, 1},
    {"BlockLSTM", 4, kernel, 1},
    {"BlockLSTM", 5, peephole, 1},
    {"BlockLSTM", 6, peephole, 1},
    {"BlockLSTM", 7, peephole, 1},
    {"BlockLSTM", 8, bias, 1},
    {"BlockLSTMV2", 2, initial_state, 1},
    {"BlockLSTMV2", 3, initial_state, 1},
    {"BlockLSTMV2", 4, kernel, 1},
    {"BlockLSTMV2", 5, peephole, 1},
    {"BlockLSTMV2", 6, peephole, 1},
    {"BlockLSTMV2", 7, peephole, 1},
    {"BlockLSTMV2", 8, bias, 1},
    {"Conv2D", 1, kernel, 0},
    {"Conv2DBackpropInput", 1, kernel, 2},
    {"Conv3D", 1, kernel, 0},
    {"Conv3DBackpropInput", 1, kernel, 2},
    {"Conv3DBackpropInputV2", 1, kernel, 2},
    {"CudnnRNN", 3, opaque, 0},
    {"CudnnRNNV2", 3, opaque, 0},
    {"CudnnRNNV3", 3, opaque, 0},
    {"DepthwiseConv2dNative", 1, kernel, 0},
    {"DepthwiseConv2dNativeBackpropInput", 1, kernel, 2},
    {"Dilation2D", 1, kernel, 0},
    {"Einsum", 0, kernel, 1},
    {"Einsum", 1, kernel, 0},
    {"FakeQuantWithMinMaxVars", 1, range, 0},
    {"FakeQuantWithMinMaxVars", 2, range, 0},
    {"FakeQuantWithMinMaxVarsPerChannel", 1, range, 0},
    {"FakeQuantWithMinMaxVarsPerChannel", 2, range, 0},
    {"FusedBatchNorm", 1, gamma, 0},
    {"FusedBatchNorm", 2, beta, 0},
    {"FusedBatchNorm", 3, mean, 0},
    {"FusedBatchNorm", 4, variance, 0},
    {"FusedBatchNormV2", 1, gamma, 0},
    {"FusedBatchNormV2", 2, beta, 0},
    {"FusedBatchNormV2", 3, mean, 0},
    {"FusedBatchNormV2", 4, variance, 0},
    {"FusedBatchNormV3", 1, gamma, 0},
    {"FusedBatchNormV3", 2, beta, 0},
    {"FusedBatchNormV3", 3, mean, 0},
    {"FusedBatchNormV3", 4, variance, 0},
    {"FusedPadConv2D", 2, kernel, 0},
    {"FusedResizeAndPadConv2D", 3, kernel, 0},
    {"GRUBlockCell", 1, initial_state, 0},
    {"GRUBlockCell", 2, kernel, 0},
    {"GRUBlockCell", 3, kernel, 0},
    {"GRUBlockCell", 4, bias, 0},
    {"GRUBlockCell", 5, bias, 0},
    {"Gather", 0, table, 1},
    {"GatherNd", 0, table, 1},
    {"GatherV2", 0, table, 1},
    {"LSTMBlockCell", 1, initial_state, 0},
    {"LSTMBlockCell", 2, initial_state, 0},
    {"LSTMBlockCell", 3, kernel, 0},
    {"LSTMBlockCell", 4, peephole, 0},
    {"LSTMBlockCell", 5, peephole, 0},
    {"LSTMBlockCell", 6, peephole, 0},
    {"LSTMBlockCell", 7, bias, 0},
    {"MatMul", 0, kernel, 1},
    {"MatMul", 1, kernel, 0},
    {"Prelu", 1, kernel, 0},
    {"QuantizedBiasAdd", 1, bias, 0},
    {"QuantizedConv2D", 1, kernel, 0},
    {"QuantizedDepthwiseConv2D", 1, kernel, 0},
    {"QuantizedMatMul", 1, kernel, 0},
    {"SparseMatMul", 0, kernel, 1},
    {"SparseMatMul", 1, kernel, 0},
    {"SparseTensorDenseMatMul", 3, kernel, 1},
    {"_FusedBatchNormEx", 1, gamma, 0},
    {"_FusedBatchNormEx", 2, beta, 0},
    {"_FusedBatchNormEx", 3, mean, 0},
    {"_FusedBatchNormEx", 4, variance, 0},
    {"_FusedConv2D", 1, kernel, 0},
    {"_FusedConv2D", 2, bias, 0},
    {"_FusedConv2D", 3, bias, 0},
    {"_FusedConv2D", 4, bias, 0},
    {"_FusedConv2D", 5, bias, 0},
    {"_FusedDepthwiseConv2dNative", 1, kernel, 0},
    {"_FusedDepthwiseConv2dNative", 2, bias, 0},
    {"_FusedMatMul", 1, kernel, 0},
    {"_FusedMatMul", 2, bias, 0},
});

static_assert(std::ranges::is_sorted(kWeightSlots, {}, &WeightSlot::op));

}  // namespace

const WeightSlot* find_weight_slot(std::string_view op, std::uint32_t slot) {
  const auto rows = std::ranges::equal_range(kWeightSlots, op, {}, &WeightSlot::op);
  const auto row = std::ranges::find(rows, static_cast<std::int8_t>(slot), &WeightSlot::slot);
  return slot > 100 || row == rows.end() ? nullptr : &*row;
}

}  // namespace thaw::internal
