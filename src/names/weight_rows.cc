#include "names/weight_rows.h"

#include <algorithm>
#include <array>

#include "names/read_path.h"

namespace thaw::internal {

namespace {

using enum KerasFlavour;

constexpr Bytes kProduct =
    "MatMul.1 BatchMatMul.1 BatchMatMulV2.1 BatchMatMulV3.1 Einsum.1 SparseMatMul.1 MatMul.0 Einsum.0";
constexpr Bytes kConvolution = "Conv2D.1 Conv3D.1 _FusedConv2D.1";
constexpr Bytes kTransposed = "Conv2DBackpropInput.1 Conv3DBackpropInputV2.1";
constexpr Bytes kDepthwise = "DepthwiseConv2dNative.1 _FusedDepthwiseConv2dNative.1";
constexpr Bytes kSum = "AddV2.1 Add.1 AddV2.0 Add.0 BiasAdd.1";
constexpr Bytes kFactor = "Mul.1 Mul.0";
constexpr Bytes kLookup = "GatherV2.0 Gather.0 GatherNd.0 ResourceGather.0";
constexpr int kAny = 99;

// A row with `beside` goes before the one that holds without.
// clang-format off
constexpr std::array kWeightRows = std::to_array<WeightRow>({
    // Products. The second one of a cell is by its recurrent kernel; more are the layer called again.
    {"Cast_1", kProduct, 2, 2, "recurrent_kernel", "kernel", {}, keras3},
    {"Cast#", kProduct, 2, kAny, "kernel", {}, {}, keras3},
    {"MatMul_1", kProduct, 2, 2, "recurrent_kernel", "kernel", {}, keras2},
    {"MatMul#", kProduct, 2, kAny, "kernel", {}, {}, keras2},
    {"Tensordot#", kProduct, 2, kAny, "kernel", {}, {}, keras2},
    {"einsum/Einsum#", kProduct, 2, kAny, "kernel", {}, {}, keras2},
    {"matmul#", kProduct, 2, kAny, "kernel"},
    {"", kProduct, 2, 2, "recurrent_kernel", "kernel"},
    {"Read", kProduct, 2, 2, "kernel", "recurrent_kernel", {}, keras2, unknown, true},
    {"Read_1", kProduct, 2, 2, "recurrent_kernel", {}, {}, keras2, unknown, true},
    {"Read_2", kSum, 1, 2, "bias", "recurrent_kernel", {}, keras2, unknown, true},

    // Convolutions.
    {"convolution#", kConvolution, 4, 5, "kernel", {}, {}, keras3},
    {"convolution#/ExpandDims_1", kConvolution, 3, 3, "kernel", {}, {}, keras3},
    {"conv_transpose#", kTransposed, 4, 5, "kernel", {}, {}, keras3},
    {"conv_transpose#/ExpandDims_1", kTransposed, 3, 3, "kernel", {}, {}, keras3},
    {"Conv2D#", kConvolution, 4, 4, "kernel", {}, {}, keras2},
    {"Conv3D#", kConvolution, 5, 5, "kernel", {}, {}, keras2},
    {"Conv1D#/ExpandDims_1", kConvolution, 3, 3, "kernel", {}, {}, keras2},
    {"conv2d_transpose#", kTransposed, 4, 4, "kernel", {}, {}, keras2},
    {"conv3d_transpose#", kTransposed, 5, 5, "kernel", {}, {}, keras2},
    {"conv1d_transpose#/ExpandDims_1", kTransposed, 3, 3, "kernel", {}, {}, keras2},
    {"separable_conv2d#", kDepthwise, 4, 4, "depthwise_kernel"},
    {"separable_conv2d#", kConvolution, 4, 4, "pointwise_kernel"},
    {"ExpandDims#", kConvolution, 3, 3, "pointwise_kernel", "kernel"},
    {"ExpandDims_1", kDepthwise, 3, 3, "depthwise_kernel", "pointwise_kernel"},
    {"ExpandDims#", kDepthwise, 3, 3, "kernel", {}, {}, unknown, keras3},
    {"ExpandDims#", kDepthwise, 3, 3, "depthwise_kernel"},
    {"depthwise#", kDepthwise, 4, 4, "kernel", {}, {}, unknown, keras3},
    {"depthwise#", kDepthwise, 4, 4, "depthwise_kernel"},
    {"split", kConvolution, 4, 5, "kernel", {}, "cell", keras3},
    {"split", kConvolution, 4, 5, "kernel"},
    {"split_1", kConvolution, 4, 5, "recurrent_kernel", "kernel"},

    // Batch normalisation, fused or x * m + (beta - mean * m), m = rsqrt(variance + eps) * gamma.
    {"", "FusedBatchNormV3.1", 1, 1, "gamma", {}, {}, keras2},
    {"", "FusedBatchNormV3.2", 1, 1, "beta", {}, {}, keras2},
    {"FusedBatchNormV3#", "FusedBatchNormV3.3", 1, 1, "moving_mean", {}, {}, keras2},
    {"FusedBatchNormV3#", "FusedBatchNormV3.4", 1, 1, "moving_variance", {}, {}, keras2},
    {"batchnorm#/mul#", "Mul.1", 1, kAny, "gamma", {}, {}, keras2},
    {"batchnorm#", "AddV2.0 Add.0", 1, 1, "moving_variance", {}, {}, keras2},
    {"batchnorm#", "Mul.0 Neg.0", 1, 1, "moving_mean", {}, {}, keras2},
    {"batchnorm#", "Sub.0", 1, kAny, "beta", {}, {}, keras2},
    {"Cast_1", "AddV2.0 Add.0", 1, 1, "moving_variance", {}, {}, keras3},
    {"Cast", "Mul.0 Neg.0", 1, 1, "moving_mean", "moving_variance", {}, keras3},
    {"Cast#", "Mul.1", 1, 1, "gamma", "moving_variance", {}, keras3},
    {"Cast#", "Sub.0", 1, 1, "beta", "moving_variance", {}, keras3},

    // Other normalisations, and the scales of attention.
    {"Reshape#", "Mul.1", 1, kAny, "gamma"},
    {"Reshape#", "Sub.0", 1, kAny, "beta", {}, {}, keras2},
    {"Reshape_1", kSum, 1, kAny, "beta", "gamma", {}, keras3},
    {"Reshape_2", kSum, 1, kAny, "beta", "gamma", {}, keras3},
    {"Reshape#", kSum, 1, kAny, "beta", "gamma"},
    {"add#", kSum, 1, kAny, "beta", "gamma"},
    {"Mul#", kFactor, 1, kAny, "scale", {}, "norm", keras3},
    {"Mul#", kFactor, 0, 1, "scale", {}, "attention", keras3},
    {"mul#", kFactor, 0, 1, "scale", {}, "attention"},
    {"", kFactor, 0, 1, "scale", {}, "attention"},
    {"mul#", "Mul.1", 1, kAny, "gamma"},

    // Biases. That of a GRU is cut in two, one for each product.
    {"Reshape#", kSum, 1, 1, "bias", "kernel", {}, keras3},
    {"Reshape#", kSum, 1, kAny, "beta", {}, "norm"},
    {"Reshape#", kSum, 1, 1, "bias"},
    {"BiasAdd#", kSum, 1, kAny, "bias"},
    {"Add#", kSum, 1, kAny, "bias", {}, {}, keras3},
    {"add#", kSum, 1, kAny, "bias", "kernel"},
    {"add#", kSum, 1, kAny, "beta", {}, "norm"},
    {"add#", kSum, 1, kAny, "bias"},
    {"split#", kSum, 1, 2, "bias", "recurrent_kernel"},
    {"unstack#", kSum, 2, 2, "bias", "recurrent_kernel"},
    {"", kSum, 1, 2, "bias", "recurrent_kernel"},

    // Tables and slopes.
    {"embedding_lookup#", kLookup, 2, kAny, "embeddings", {}, {}, keras2},
    {"GatherV2#", kLookup, 2, kAny, "embeddings", {}, {}, keras3},
    {"Shape#", kLookup, 2, kAny, "embeddings", {}, {}, keras3},
    {"", "Neg.0", 1, kAny, "alpha"},
});
// clang-format on

bool fits_component(Bytes component, Bytes pattern) {
  if (!pattern.ends_with('#')) return component == pattern;
  pattern.remove_suffix(1);
  Bytes base;
  return component == pattern || (trailing_number(component, &base) && base == pattern);
}

bool is_call(Bytes op) {
  constexpr std::array<Bytes, 8> kCalls = {
      "While",           "StatelessWhile",         "If", "StatelessIf", "Case", "StatelessCase",
      "PartitionedCall", "StatefulPartitionedCall"};
  return std::ranges::count(kCalls, op) > 0;
}

bool holds_word(Bytes words, const std::string& word) {
  for (std::size_t at = words.find(word); at != Bytes::npos; at = words.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

bool fits_use(const WeightRow& row, const ConstantUse& use) {
  if (is_call(use.op)) return !row.read.empty();
  return holds_word(row.uses, use.op + "." + std::to_string(use.slot));
}

}  // namespace

std::span<const WeightRow> weight_rows() { return kWeightRows; }

std::optional<std::size_t> fitting_tail(const WeightRow& row, const std::vector<std::string>& path) {
  Bytes rest = row.read;
  std::size_t taken = 0;
  while (!rest.empty()) {
    const std::size_t slash = rest.rfind('/');
    const Bytes last = slash == Bytes::npos ? rest : rest.substr(slash + 1);
    if (taken == path.size() || !fits_component(path[path.size() - 1 - taken], last)) return std::nullopt;
    ++taken;
    rest = slash == Bytes::npos ? Bytes() : rest.substr(0, slash);
  }
  return taken;
}

bool fits_value(const WeightRow& row, const ConstantFacts& facts) {
  const auto rank = static_cast<int>(facts.shape.size());
  if (rank < row.min_rank || rank > row.max_rank) return false;
  return std::ranges::any_of(facts.uses, [&](const ConstantUse& use) { return fits_use(row, use); });
}

}  // namespace thaw::internal
