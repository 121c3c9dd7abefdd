#include "weights/compact_weights.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "messages/attr_value.h"
#include "tensor/widened_value.h"

namespace thaw::internal {

namespace {

constexpr std::int64_t kMostSlices = 1 << 20;
constexpr std::int64_t kMostUnwritten = 1 << 16;  // elements that a file need not hold to claim them
constexpr int kMostIdentities = 16;

using Converter = std::function<Value(Value)>;

// A constant whose one element is repeated stays one, whatever the size that it claims.
std::optional<CompactWeight> converted(const Graph& graph, NodeId constant, const Converter& convert) {
  const TensorProto tensor = graph.tensor(constant, "value");
  const Value& stored = tensor.value;
  CompactWeight weight{constant, constant, {}, {}, stored.dtype(), stored, false};
  const bool is_written = tensor.encoding != Encoding::short_list || stored.element_count() == 1;
  if (is_written || (tensor.items > 1 && stored.element_count() <= kMostUnwritten)) {
    weight.value = convert(stored);
    return weight;
  }
  if (tensor.items > 1) return std::nullopt;
  std::string element(element_size(stored.dtype()), '\0');
  stored.open()->read(std::as_writable_bytes(std::span(element)));
  const Value one = convert(Value::from_bytes(stored.dtype(), Shape(), std::move(element)));
  weight.value = Value::fill(one.dtype(), stored.shape(), one.bytes());
  weight.is_repeated = true;
  return weight;
}

bool has_elements(const TensorHead& head) { return head.shape.element_count().value_or(0) > 0; }

std::optional<Dequantization> settings_of(const Graph& graph, NodeId id) {
  Dequantization by;
  if (const auto mode = graph.attr(id, "mode")) {
    const auto known = dequantize_mode(attr_as_string(*mode).value_or(""));
    if (!known) return std::nullopt;
    by.mode = *known;
  }
  if (const auto narrow = graph.attr(id, "narrow_range"))
    by.narrow_range = attr_as_bool(*narrow).value_or(false);
  if (const auto axis = graph.attr(id, "axis")) by.axis = attr_as_int(*axis).value_or(-1);
  by.result = graph.type_attr(id, "dtype").value_or(DType::float32);
  return by;
}

std::optional<CompactWeight> behind_dequantize(const Graph& graph, NodeId id) {
  const std::span<const Edge> inputs = graph.inputs(id);
  std::optional<Dequantization> by = settings_of(graph, id);
  if (!by || data_input_count(inputs) != 3) return std::nullopt;
  std::vector<NodeId> way;
  NodeId constants[3];
  for (std::size_t i = 0; i < 3; ++i) {
    constants[i] = constant_through_identities(graph, inputs[i], way);
    if (constants[i] == kNoNode) return std::nullopt;
    way.push_back(constants[i]);
  }
  const std::optional<TensorHead> head = graph.tensor_head(constants[0], "value");
  if (!head || by->axis >= static_cast<std::int64_t>(head->shape.rank())) return std::nullopt;
  const std::int64_t slices = by->axis < 0 ? 1 : head->shape.dims()[static_cast<std::size_t>(by->axis)];
  const auto lows = floats_of(graph, constants[1], slices), highs = floats_of(graph, constants[2], slices);
  if (!lows || !highs) return std::nullopt;
  by->lows = *lows;
  by->highs = *highs;
  std::optional<CompactWeight> weight = dequantized_constant(graph, constants[0], *by);
  if (!weight) return std::nullopt;
  weight->node = id;
  weight->leftover = std::move(way);
  return weight;
}

// A constant that is read before it is widened was a variable of its own type.
std::optional<CompactWeight> behind_casts(const Graph& graph, NodeId id) {
  std::vector<NodeId> casts;
  for (const Edge& consumer : graph.consumers(id)) {
    if (consumer.is_control()) continue;
    if (graph.op(consumer.node) != "Cast") return std::nullopt;
    casts.push_back(consumer.node);
  }
  const std::optional<TensorHead> head = casts.empty() ? std::nullopt : graph.tensor_head(id, "value");
  if (!head || !is_trainable_float(head->dtype) || !has_elements(*head)) return std::nullopt;
  const DType wide = graph.type_attr(casts.front(), "DstT").value_or(DType::invalid);
  const bool is_one_type = std::ranges::all_of(casts, [&](NodeId cast) {
    return graph.type_attr(cast, "DstT") == wide && graph.type_attr(cast, "SrcT") == head->dtype;
  });
  if (!is_one_type || !can_widen(head->dtype, wide)) return std::nullopt;
  auto weight = converted(graph, id, [&](Value stored) { return widened_value(std::move(stored), wide); });
  if (weight) weight->casts = std::move(casts);
  return weight;
}

}  // namespace

NodeId constant_through_identities(const Graph& graph, const Edge& input, std::vector<NodeId>& way) {
  Edge now = input;
  for (int steps = 0; steps < kMostIdentities; ++steps) {
    if (now.is_control() || now.port != 0) return kNoNode;
    if (graph.op(now.node) == "Const") return now.node;
    if (graph.op(now.node) != "Identity" || data_input_count(graph.inputs(now.node)) != 1) return kNoNode;
    way.push_back(now.node);
    now = graph.inputs(now.node)[0];
  }
  return kNoNode;
}

std::optional<std::vector<float>> floats_of(const Graph& graph, NodeId constant, std::int64_t count) {
  const std::optional<TensorHead> head = graph.tensor_head(constant, "value");
  if (!head || head->dtype != DType::float32 || head->shape.element_count() != count || count > kMostSlices)
    return std::nullopt;
  const std::string bytes = graph.tensor(constant, "value").value.bytes();
  std::vector<float> floats(static_cast<std::size_t>(count));
  std::memcpy(floats.data(), bytes.data(), bytes.size());
  return floats;
}

std::optional<CompactWeight> dequantized_constant(const Graph& graph, NodeId constant,
                                                  const Dequantization& by) {
  const std::optional<TensorHead> head = graph.tensor_head(constant, "value");
  if (!head || !fits(by, head->dtype, head->shape) || !has_elements(*head)) return std::nullopt;
  const bool is_even = by.lows.size() == 1;
  const TensorProto tensor = graph.tensor(constant, "value");
  if (!is_even && tensor.encoding == Encoding::short_list && tensor.value.element_count() > kMostUnwritten)
    return std::nullopt;
  if (!is_even) {
    return CompactWeight{constant, constant, {}, {}, head->dtype, dequantized_value(tensor.value, by), false};
  }
  Dequantization of_all = by;
  of_all.axis = -1;
  return converted(graph, constant,
                   [&](Value stored) { return dequantized_value(std::move(stored), of_all); });
}

std::vector<CompactWeight> find_compact_weights(const Graph& graph) {
  std::vector<CompactWeight> found;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    const Bytes op = graph.op(id);
    if (op != "Dequantize" && op != "Const") continue;
    std::optional<CompactWeight> weight =
        op == "Const" ? behind_casts(graph, id) : behind_dequantize(graph, id);
    if (weight) found.push_back(std::move(*weight));
  }
  return found;
}

}  // namespace thaw::internal
