#include "target/initial_value.h"

#include <array>
#include <bit>
#include <cstring>

#include "target/random_value.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kLongestChain = 64;

struct RandomOp {
  Bytes op;
  Distribution distribution;
};
constexpr std::array kRandomOps = std::to_array<RandomOp>({
    {"RandomUniform", Distribution::uniform},
    {"RandomStandardNormal", Distribution::normal},
    {"TruncatedNormal", Distribution::truncated},
    {"StatelessRandomUniform", Distribution::uniform},
    {"StatelessRandomUniformV2", Distribution::uniform},
    {"StatelessRandomNormal", Distribution::normal},
    {"StatelessRandomNormalV2", Distribution::normal},
    {"StatelessTruncatedNormal", Distribution::truncated},
    {"StatelessTruncatedNormalV2", Distribution::truncated},
});

template <typename Number>
double number_in(const std::string& bytes) {
  Number number;
  std::memcpy(&number, bytes.data(), sizeof number);
  return static_cast<double>(number);
}

// A constant of one element.
std::optional<double> constant_number(const Graph& graph, NodeId node) {
  if (graph.op(node) != "Const") return std::nullopt;
  const std::optional<TensorHead> head = graph.tensor_head(node, "value");
  if (!head || head->shape.element_count() != 1) return std::nullopt;
  const std::string bytes = graph.tensor(node, "value").value.bytes();
  if (head->dtype == DType::float32) return number_in<float>(bytes);
  if (head->dtype == DType::float64) return number_in<double>(bytes);
  return std::nullopt;
}

// The same, or the difference of two, as RandomUniform's bounds are written.
std::optional<double> number_of(const Graph& graph, NodeId node) {
  if (graph.op(node) != "Sub" || graph.inputs(node).size() != 2) return constant_number(graph, node);
  const auto inputs = graph.inputs(node);
  const std::optional<double> from = constant_number(graph, inputs[0].node);
  const std::optional<double> taken = constant_number(graph, inputs[1].node);
  return from && taken ? std::optional(*from - *taken) : std::nullopt;
}

// Walks from the assigned value down to where it comes from; on the way the value is `scale` times what is
// below, plus `offset`.
class Descent {
 public:
  Descent(const Graph& graph, NodeId node) : graph_(graph), node_(node) {}

  // Whether the walk ends somewhere that is known.
  bool run() {
    for (std::size_t steps = 0; steps < kLongestChain; ++steps) {
      const Bytes op = graph_.op(node_);
      if (op == "Identity" || op == "StopGradient") {
        if (!enter(0)) return false;
      } else if (op == "Add" || op == "AddV2" || op == "Mul") {
        if (!pass_arithmetic(op == "Mul")) return false;
      } else {
        return true;
      }
    }
    return false;
  }

  NodeId node() const { return node_; }
  bool plain() const { return scale_ == 1 && offset_ == 0; }
  double scale() const { return scale_; }
  double offset() const { return offset_; }

 private:
  bool enter(std::size_t input) {
    const auto inputs = graph_.inputs(node_);
    if (input >= inputs.size() || inputs[input].is_control()) return false;
    node_ = inputs[input].node;
    return true;
  }

  bool pass_arithmetic(bool product) {
    const auto inputs = graph_.inputs(node_);
    if (inputs.size() < 2 || inputs[0].is_control() || inputs[1].is_control()) return false;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::optional<double> number = number_of(graph_, inputs[i].node);
      if (!number) continue;
      (product ? scale_ : offset_) = product ? scale_ * *number : offset_ + scale_ * *number;
      return enter(1 - i);
    }
    return false;
  }

  const Graph& graph_;
  NodeId node_;
  double scale_ = 1, offset_ = 0;
};

std::optional<Value> fill_of(const Graph& graph, NodeId fill, DType dtype, const Shape& shape) {
  const auto inputs = graph.inputs(fill);
  if (inputs.size() < 2 || graph.op(inputs[1].node) != "Const") return std::nullopt;
  const Value element = graph.tensor(inputs[1].node, "value").value;
  if (element.dtype() != dtype || element.element_count() != 1 || element_size(dtype) == 0)
    return std::nullopt;
  return Value::fill(dtype, shape, element.bytes());
}

InitialValue drawn(const Graph& graph, const Descent& end, DType dtype, const Shape& shape,
                   std::optional<std::uint64_t> seed) {
  for (const RandomOp& row : kRandomOps) {
    if (graph.op(end.node()) != row.op) continue;
    InitialValue initial{std::nullopt, true};
    const bool drawable = dtype == DType::float32 || dtype == DType::float64;
    if (seed && drawable)
      initial.value = random_value(dtype, shape, {row.distribution, end.scale(), end.offset(), *seed});
    return initial;
  }
  return {};
}

bool restores(const Graph& graph, NodeId node) {
  for (std::size_t steps = 0; steps < 4 && graph.op(node) == "Identity"; ++steps) {
    const auto inputs = graph.inputs(node);
    if (inputs.empty() || inputs.front().is_control()) return false;
    node = inputs.front().node;
  }
  return graph.op(node).starts_with("Restore");
}

bool is_assignment(Bytes op) { return op == "Assign" || op == "AssignVariableOp"; }

}  // namespace

InitialValue initial_value(const Graph& graph, NodeId assign, DType dtype, const Shape& shape,
                           std::optional<std::uint64_t> seed) {
  const auto inputs = graph.inputs(assign);
  if (inputs.size() < 2 || inputs[1].is_control() || !shape.fully_defined()) return {};
  Descent descent(graph, inputs[1].node);
  if (!descent.run()) return {};
  const Bytes op = graph.op(descent.node());
  if (op == "Const" && descent.plain()) {
    const std::optional<TensorHead> head = graph.tensor_head(descent.node(), "value");
    if (!head || head->dtype != dtype || head->shape != shape) return {};
    return {graph.tensor(descent.node(), "value").value, false};
  }
  if (op == "Fill" && descent.plain()) return {fill_of(graph, descent.node(), dtype, shape), false};
  return drawn(graph, descent, dtype, shape, seed);
}

NodeId find_initializer(const Graph& graph, NodeId variable, Bytes name) {
  const NodeId named = name.empty() ? kNoNode : graph.find(name);
  if (named != kNoNode && is_assignment(graph.op(named))) return named;
  for (const Edge& consumer : graph.consumers(variable)) {
    if (consumer.port != 0 || !is_assignment(graph.op(consumer.node))) continue;
    const auto inputs = graph.inputs(consumer.node);
    if (inputs.size() > 1 && !restores(graph, inputs[1].node)) return consumer.node;
  }
  return kNoNode;
}

}  // namespace thaw::internal
