#include <algorithm>

#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

void unchanged(ShapeQuery& query) { query.give(query.shape(0)); }

void passed_on(ShapeQuery& query) { query.give(query.input(0)); }

void all_passed_on(ShapeQuery& query) {
  for (std::size_t slot = 0; slot < query.input_count(); ++slot) query.give(query.input(slot));
}

void of_rank_one_or_more(ShapeQuery& query) {
  require_rank(query.shape(0), 1);
  query.give(query.shape(0));
}

// With the two scalars that hold the range of quantised numbers.
void unchanged_with_range(ShapeQuery& query) {
  query.give(query.shape(0));
  query.give_all(Shape());
}

// Numbers do not pass: which of the outputs lives is not known.
void switched(ShapeQuery& query) {
  ranked(query.shape(1), 0);
  TensorFact fact = query.input(0);
  fact.numbers.reset();
  query.give(fact);
  query.give(std::move(fact));
}

// Whatever all inputs have in common. A loop's first value says nothing of the later ones.
void merge(ShapeQuery& query) {
  Shape common = query.shape(0);
  for (std::size_t slot = 1; slot < query.input_count() && !common.unknown_rank(); ++slot) {
    const Shape& shape = query.shape(slot);
    if (shape.unknown_rank() || shape.rank() != common.rank()) {
      common = Shape::of_unknown_rank();
      break;
    }
    Dims dims = common.dims();
    for (std::size_t i = 0; i < dims.size(); ++i) {
      if (dims[i] != shape.dims()[i]) dims[i] = kAny;
    }
    common = Shape(std::move(dims));
  }
  query.give(std::move(common));
  query.give(Shape());
}

void broadcast_two(ShapeQuery& query) { query.give(broadcast(query.shape(0), query.shape(1))); }

void compare(ShapeQuery& query) {
  if (query.flag("incompatible_shape_error", true)) broadcast_two(query);
}

void quantized_broadcast(ShapeQuery& query) {
  broadcast_two(query);
  query.give_all(Shape());
}

void broadcast_three(ShapeQuery& query) {
  query.give(broadcast(query.shape(0), broadcast(query.shape(1), query.shape(2))));
}

void all_alike(ShapeQuery& query) {
  Shape common = Shape::of_unknown_rank();
  for (std::size_t slot = 0; slot < query.input_count(); ++slot) common = merged(common, query.shape(slot));
  query.give(std::move(common));
}

void attribute(ShapeQuery& query) { query.give(query.shape_attr("shape")); }

void ensured(ShapeQuery& query) { query.give(merged(query.shape(0), query.shape_attr("shape"))); }

void assign(ShapeQuery& query) {
  query.give(query.flag("validate_shape", true) ? merged(query.shape(0), query.shape(1)) : query.shape(1));
}

void two_scalars(ShapeQuery& query) { query.give_all(Shape()); }

// The condition has the data's shape, is a scalar, or chooses rows.
void select(ShapeQuery& query) {
  const Shape data = merged(query.shape(1), query.shape(2));
  const Shape& condition = query.shape(0);
  if (data.unknown_rank() || condition.unknown_rank() || condition.rank() == 0) return query.give(data);
  if (condition.rank() != 1 || data.rank() == 0) return query.give(merged(data, condition));
  Dims dims = data.dims();
  dims[0] = merged(dims[0], condition.dims()[0]);
  query.give(Shape(std::move(dims)));
}

Shape biased(const ShapeQuery& query) {
  const Shape& input = query.shape(0);
  const Dim size = dim_of(ranked(query.shape(1), 1), 0);
  const bool channels_first = query.text("data_format", "NHWC") == "NCHW";
  require_rank(input, channels_first ? 3 : 2);
  if (input.unknown_rank()) return input;
  Dims dims = input.dims();
  Dim& channels = channels_first ? dims[1] : dims.back();
  channels = merged(channels, size);
  return Shape(std::move(dims));
}

void bias(ShapeQuery& query) { query.give(biased(query)); }

void quantized_bias(ShapeQuery& query) {
  query.give(biased(query));
  query.give_all(Shape());
}

constexpr ShapeRow kElementwiseRows[] = {
    {"Abs", unchanged},
    {"AccumulateNV2", attribute},
    {"Acos", unchanged},
    {"Acosh", unchanged},
    {"Add", broadcast_two},
    {"AddN", all_alike},
    {"AddV2", broadcast_two},
    {"AdjustContrastv2", unchanged},
    {"AdjustHue", unchanged},
    {"AdjustSaturation", unchanged},
    {"Asin", unchanged},
    {"Asinh", unchanged},
    {"Assign", assign},
    {"Atan", unchanged},
    {"Atan2", broadcast_two},
    {"Atanh", unchanged},
    {"BiasAdd", bias},
    {"BiasAddV1", bias},
    {"BitwiseAnd", broadcast_two},
    {"BitwiseOr", broadcast_two},
    {"BitwiseXor", broadcast_two},
    {"Cast", unchanged},
    {"Ceil", unchanged},
    {"CheckNumerics", unchanged},
    {"CheckNumericsV2", unchanged},
    {"ClipByValue", unchanged},
    {"Cos", unchanged},
    {"Cosh", unchanged},
    {"Cumprod", unchanged},
    {"Cumsum", unchanged},
    {"Dequantize", unchanged},
    {"Digamma", unchanged},
    {"Div", broadcast_two},
    {"DivNoNan", broadcast_two},
    {"Elu", unchanged},
    {"EluGrad", all_alike},
    {"EnsureShape", ensured},
    {"Enter", passed_on},
    {"Equal", compare},
    {"Erf", unchanged},
    {"Erfc", unchanged},
    {"Exit", unchanged},
    {"Exp", unchanged},
    {"Expm1", unchanged},
    {"FakeQuantWithMinMaxArgs", unchanged},
    {"FakeQuantWithMinMaxVars", unchanged},
    {"FakeQuantWithMinMaxVarsPerChannel", unchanged},
    {"Floor", unchanged},
    {"FloorDiv", broadcast_two},
    {"FloorMod", broadcast_two},
    {"Greater", broadcast_two},
    {"GreaterEqual", broadcast_two},
    {"HSVToRGB", unchanged},
    {"Identity", passed_on},
    {"IdentityN", all_passed_on},
    {"Igamma", broadcast_two},
    {"Igammac", broadcast_two},
    {"Inv", unchanged},
    {"Invert", unchanged},
    {"InvertPermutation", unchanged},
    {"IsFinite", unchanged},
    {"IsInf", unchanged},
    {"IsNan", unchanged},
    {"LRN", unchanged},
    {"LeakyRelu", unchanged},
    {"LeftShift", broadcast_two},
    {"Less", broadcast_two},
    {"LessEqual", broadcast_two},
    {"Lgamma", unchanged},
    {"Log", unchanged},
    {"Log1p", unchanged},
    {"LogSoftmax", of_rank_one_or_more},
    {"LogicalAnd", broadcast_two},
    {"LogicalNot", unchanged},
    {"LogicalOr", broadcast_two},
    {"MatrixBandPart", unchanged},
    {"Maximum", broadcast_two},
    {"Merge", merge},
    {"Minimum", broadcast_two},
    {"Mod", broadcast_two},
    {"Mul", broadcast_two},
    {"MulNoNan", broadcast_two},
    {"Neg", unchanged},
    {"NextIteration", unchanged},
    {"NotEqual", compare},
    {"OnesLike", unchanged},
    {"Polygamma", broadcast_two},
    {"Pow", broadcast_two},
    {"PreventGradient", passed_on},
    {"Print", unchanged},
    {"QuantizeAndDequantize", unchanged},
    {"QuantizeAndDequantizeV2", unchanged},
    {"QuantizeAndDequantizeV3", unchanged},
    {"QuantizeV2", unchanged_with_range},
    {"QuantizedAdd", quantized_broadcast},
    {"QuantizedBiasAdd", quantized_bias},
    {"QuantizedMul", quantized_broadcast},
    {"QuantizedRelu", unchanged_with_range},
    {"QuantizedRelu6", unchanged_with_range},
    {"RGBToHSV", unchanged},
    {"RealDiv", broadcast_two},
    {"Reciprocal", unchanged},
    {"RefEnter", passed_on},
    {"RefExit", unchanged},
    {"RefIdentity", unchanged},
    {"RefMerge", merge},
    {"RefNextIteration", unchanged},
    {"RefSwitch", switched},
    {"Relu", unchanged},
    {"Relu6", unchanged},
    {"ReluGrad", all_alike},
    {"Requantize", unchanged_with_range},
    {"Reverse", unchanged},
    {"RequantizationRange", two_scalars},
    {"ReverseSequence", unchanged},
    {"ReverseV2", unchanged},
    {"RightShift", broadcast_two},
    {"Rint", unchanged},
    {"Roll", unchanged},
    {"Round", unchanged},
    {"Rsqrt", unchanged},
    {"Select", select},
    {"SelectV2", broadcast_three},
    {"Selu", unchanged},
    {"Sigmoid", unchanged},
    {"SigmoidGrad", unchanged},
    {"Sign", unchanged},
    {"Sin", unchanged},
    {"Sinh", unchanged},
    {"Snapshot", unchanged},
    {"Softmax", of_rank_one_or_more},
    {"Softplus", unchanged},
    {"Softsign", unchanged},
    {"Sqrt", unchanged},
    {"Square", unchanged},
    {"SquaredDifference", broadcast_two},
    {"StopGradient", passed_on},
    {"Sub", broadcast_two},
    {"Switch", switched},
    {"Tan", unchanged},
    {"Tanh", unchanged},
    {"TanhGrad", unchanged},
    {"TruncateDiv", broadcast_two},
    {"TruncateMod", broadcast_two},
    {"Xdivy", broadcast_two},
    {"Xlog1py", broadcast_two},
    {"Xlogy", broadcast_two},
    {"ZerosLike", unchanged},
};

}  // namespace

std::span<const ShapeRow> elementwise_shape_rows() { return kElementwiseRows; }

}  // namespace thaw::internal
