#include "draft/blocked_gradients.h"

#include "draft/outputs.h"
#include "ops/op_table.h"
#include "tensor/dtype.h"

namespace thaw::internal {

namespace {

// Gradients go along real and complex numbers; handles and lists carry them.
bool carries_gradient(DType dtype) {
  return is_trainable_float(dtype) || dtype == DType::complex64 || dtype == DType::complex128 ||
         dtype == DType::variant || dtype == DType::resource || dtype == DType::invalid;
}

Gradient gradient_of(const Draft& draft, NodeId id) {
  const OpInfo* info = find_op(draft.op(id));
  return info == nullptr ? Gradient::registered : info->gradient;
}

std::vector<bool> reach_forward(const Draft& draft, std::vector<NodeId> work) {
  std::vector<bool> reached(draft.id_limit());
  for (const NodeId id : work) reached[id] = true;
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    const std::vector<DType> types = output_types(draft, id);
    for (const Edge& consumer : draft.consumers_now(id)) {
      if (consumer.is_control() || reached[consumer.node]) continue;
      const std::uint32_t port = draft.inputs_now(consumer.node)[consumer.port].port;
      if (port < types.size() && !carries_gradient(types[port])) continue;
      if (gradient_of(draft, consumer.node) == Gradient::not_differentiable) continue;
      reached[consumer.node] = true;
      work.push_back(consumer.node);
    }
  }
  return reached;
}

std::vector<bool> reach_backward(const Draft& draft, std::vector<NodeId> work) {
  std::vector<bool> reached(draft.id_limit());
  for (const NodeId id : work) reached[id] = true;
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    for (const Edge& input : draft.inputs_now(id)) {
      if (input.is_control() || reached[input.node]) continue;
      reached[input.node] = true;
      work.push_back(input.node);
    }
  }
  return reached;
}

// Against the edges: what a gradient that comes in at `outputs` gets to.
std::vector<bool> reach_with_gradient(const Draft& draft, std::vector<NodeId> work) {
  std::vector<bool> reached(draft.id_limit());
  for (const NodeId id : work) reached[id] = true;
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    if (gradient_of(draft, id) != Gradient::registered) continue;
    for (const Edge& input : draft.inputs_now(id)) {
      if (input.is_control() || reached[input.node] || !carries_gradient(output_type(draft, input))) continue;
      reached[input.node] = true;
      work.push_back(input.node);
    }
  }
  return reached;
}

}  // namespace

GradientWays find_gradient_ways(const Draft& draft, const std::vector<NodeId>& variables,
                                const std::vector<NodeId>& outputs) {
  GradientWays ways;
  const std::vector<bool> before = reach_forward(draft, variables), behind = reach_backward(draft, outputs);
  const auto limit = static_cast<NodeId>(draft.id_limit());
  for (NodeId id = 0; id < limit; ++id) {
    const bool on_the_way = !draft.is_removed(id) && before[id] && behind[id];
    if (!on_the_way || data_input_count(draft.inputs_now(id)) == 0) continue;  // gradients end at variables
    if (gradient_of(draft, id) == Gradient::none) ways.blocked.push_back(id);
    if (find_op(draft.op(id)) == nullptr) ways.unknown.push_back(id);
  }
  ways.reached = reach_with_gradient(draft, outputs);
  return ways;
}

std::vector<NodeId> find_blocked_gradients(const Contexts& contexts, const std::vector<NodeId>& variables,
                                           const std::vector<NodeId>& outputs) {
  const Draft& draft = contexts.draft();
  std::vector<NodeId> blocked;
  const auto limit = static_cast<NodeId>(draft.id_limit());
  for (NodeId id = 0; id < limit; ++id) {
    const bool inside = !draft.is_removed(id) && contexts.of(id) != kRootContext;
    if (inside && gradient_of(draft, id) == Gradient::none) blocked.push_back(id);
  }
  if (blocked.empty()) return blocked;
  const std::vector<bool> before = reach_forward(draft, variables), behind = reach_backward(draft, outputs);
  std::erase_if(blocked, [&](NodeId id) { return !before[id] || !behind[id]; });
  return blocked;
}

}  // namespace thaw::internal
