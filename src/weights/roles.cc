#include "weights/roles.h"

#include <algorithm>

#include "names/conventions.h"
#include "ops/op_table.h"

namespace thaw::internal {

namespace {

bool is_scalar_constant(const Graph& graph, NodeId id) {
  const NodeId constant = constant_behind(graph, id);
  if (constant == kNoNode) return false;
  const std::optional<TensorHead> head = graph.tensor_head(constant, "value");
  return head && head->shape.element_count() == 1;
}

bool feeds(const Graph& graph, NodeId id, Bytes op, int slot = -1) {
  return std::ranges::any_of(graph.consumers(id), [&](const Edge& consumer) {
    return !consumer.is_control() && graph.op(consumer.node) == op &&
           (slot < 0 || consumer.port == static_cast<std::uint32_t>(slot));
  });
}

// Whether an Rsqrt lies at most a few products upstream.
bool comes_from_rsqrt(const Graph& graph, NodeId id, int depth = 3) {
  for (; depth > 0; --depth) {
    const Bytes op = graph.op(id);
    if (op == "Rsqrt") return true;
    if (op != "Mul" && op != "RealDiv" && op != "Identity") return false;
    const auto inputs = graph.inputs(id);
    if (inputs.empty()) return false;
    const bool right = inputs.size() > 1 && graph.op(inputs[1].node) == "Rsqrt";
    id = inputs[right ? 1 : 0].node;
  }
  return false;
}

// The first consumers behind reads: Identity, Reshape, Cast and other transparent nodes.
std::vector<Edge> first_consumers(const Graph& graph, NodeId constant) {
  std::vector<Edge> found;
  std::vector<NodeId> work{constant};
  for (std::size_t next = 0; next < work.size() && next < 64; ++next) {
    for (const Edge& consumer : graph.consumers(work[next])) {
      if (consumer.is_control()) continue;
      if (is_transparent(graph.op(consumer.node), consumer.port,
                         data_input_count(graph.inputs(consumer.node)))) {
        work.push_back(consumer.node);
      } else {
        found.push_back(consumer);
      }
    }
  }
  return found;
}

// batchnorm/add = moving_variance + epsilon; Rsqrt of it.
bool is_variance(const Graph& graph, const Edge& consumer) {
  const Bytes op = graph.op(consumer.node);
  if ((op != "Add" && op != "AddV2") || consumer.port > 1) return false;
  const auto inputs = graph.inputs(consumer.node);
  if (inputs.size() < 2 || !is_scalar_constant(graph, inputs[1 - consumer.port].node)) return false;
  return feeds(graph, consumer.node, "Rsqrt") || feeds(graph, consumer.node, "Sqrt");
}

bool is_scaled_by_rsqrt(const Graph& graph, const Edge& product) {
  const auto inputs = graph.inputs(product.node);
  return graph.op(product.node) == "Mul" && product.port < 2 && inputs.size() >= 2 &&
         comes_from_rsqrt(graph, inputs[1 - product.port].node);
}

// batchnorm/mul_2 = moving_mean * (rsqrt * gamma); subtracted from beta, or negated where there is no beta.
bool is_mean(const Graph& graph, const Edge& consumer) {
  if (graph.op(consumer.node) == "Neg") {
    return std::ranges::any_of(graph.consumers(consumer.node),
                               [&](const Edge& next) { return is_scaled_by_rsqrt(graph, next); });
  }
  if (!is_scaled_by_rsqrt(graph, consumer)) return false;
  return feeds(graph, consumer.node, "Sub", 1) || feeds(graph, consumer.node, "Neg");
}

bool has_no_gradient(const Graph& graph, const Edge& consumer) {
  const OpInfo* info = find_op(graph.op(consumer.node));
  return info == nullptr || info->gradient != Gradient::registered;
}

std::optional<RoleDecision> by_slots(const std::vector<Use>& uses, const Graph& graph) {
  const auto reason = [&](const char* rule, const Use& use) {
    return Reason{rule, std::string(graph.name(use.node)), static_cast<int>(use.slot)};
  };
  bool trained_use = false;
  for (const Use& use : uses) {
    if (use.kind != UseKind::weight) continue;
    if (use.part == Part::mean || use.part == Part::variance)
      return RoleDecision{Role::statistic, reason("R1", use)};
    trained_use |= use.part != Part::initial_state && use.part != Part::range;
  }
  for (const Use& use : uses) {
    if (use.kind == UseKind::weight && !trained_use) return RoleDecision{Role::state, reason("R3", use)};
  }
  const auto stopped = std::ranges::find_if(uses, [](const Use& use) { return use.stops_gradient; });
  const bool all_stopped =
      stopped != uses.end() && std::ranges::all_of(uses, [](const Use& use) { return use.stops_gradient; });
  if (all_stopped) return RoleDecision{Role::state, reason("R4", *stopped)};
  return std::nullopt;
}

}  // namespace

RoleDecision decide_role(const Graph& graph, NodeId constant, const Decision& decision,
                         const std::vector<Use>& uses) {
  const std::optional<DType> dtype = graph.type_attr(constant, "dtype");
  if (!dtype || !is_trainable_float(*dtype)) return {Role::state, {"R7", "", -1}};
  if (const std::optional<RoleDecision> found = by_slots(uses, graph)) return *found;

  const std::vector<Edge> consumers = first_consumers(graph, constant);
  for (const Edge& consumer : consumers) {
    const Reason reason{"R2", std::string(graph.name(consumer.node)), static_cast<int>(consumer.port)};
    if (is_variance(graph, consumer) || is_mean(graph, consumer)) return {Role::statistic, reason};
  }
  switch (hint_of(graph.name(constant))) {
    case NameHint::statistic:
      return {Role::statistic, {"R5", "", -1}};
    case NameHint::state:
      return {Role::state, {"R5", "", -1}};
    default:
      break;
  }
  const bool weight_use = std::ranges::any_of(
      uses, [](const Use& use) { return use.kind == UseKind::weight || use.kind == UseKind::call; });
  const bool no_path = !consumers.empty() && std::ranges::all_of(consumers, [&](const Edge& edge) {
    return has_no_gradient(graph, edge);
  });
  if (no_path && !weight_use)
    return {Role::state,
            {"R6", std::string(graph.name(consumers[0].node)), static_cast<int>(consumers[0].port)}};
  const bool only_assigned = decision.ref && uses.empty();
  if (only_assigned) return {Role::state, {"R6", "", -1}};
  return {Role::trainable, {"R0", "", -1}};
}

}  // namespace thaw::internal
