#include "passes/outer_tensors.h"

namespace thaw::internal {

Edge OuterTensors::root(Edge tensor) {
  const auto leads_in = [&](NodeId id) {
    return contexts_.structure().is_constant_enter(id) || contexts_.is_guard(id);
  };
  std::vector<NodeId> way;
  while (leads_in(tensor.node)) {
    const auto inputs = contexts_.draft().inputs_now(tensor.node);
    if (inputs.empty() || inputs[0].is_control()) break;
    const auto [known, is_new] = roots_.try_emplace(tensor.node, tensor);
    if (!is_new) {
      tensor = known->second;
      break;
    }
    way.push_back(tensor.node);
    tensor = inputs[0];
  }
  for (const NodeId id : way) roots_[id] = tensor;
  return tensor;
}

std::optional<Edge> OuterTensors::maximum_iterations(const LoopParts& loop) {
  const Draft& draft = contexts_.draft();
  const auto operand = [&](NodeId id, std::size_t slot) {
    const auto inputs = draft.inputs_now(id);
    return slot < inputs.size() && !inputs[slot].is_control() ? std::optional(inputs[slot]) : std::nullopt;
  };
  const auto operator_of = [&](std::optional<Edge> tensor, Bytes op) -> std::optional<NodeId> {
    if (!tensor) return std::nullopt;
    const NodeId id = contexts_.structure().origin(*tensor).node;
    return draft.op(id) == op ? std::optional(id) : std::nullopt;
  };
  const LoopVariable& counter = loop.variables.front();
  const auto both = operator_of(operand(loop.loop_conds.front(), 0), "LogicalAnd");
  const auto less = both ? operator_of(operand(*both, 0), "Less") : std::nullopt;
  if (!less || counter.enters.size() != 1) return std::nullopt;
  const auto left = operand(*less, 0), right = operand(*less, 1), start = operand(counter.enters.front(), 0);
  if (!left || !right || !start || left->node != counter.merge) return std::nullopt;
  const bool named = draft.name_view(root(*start).node).find("iteration_counter") != Bytes::npos;
  return named ? std::optional(root(*right)) : std::nullopt;
}

}  // namespace thaw::internal
