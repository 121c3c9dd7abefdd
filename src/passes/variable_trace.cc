#include "passes/variable_trace.h"

namespace thaw::internal {

namespace {

constexpr int kLongestWay = 16;

bool passes_value_on(Bytes op) {
  return op == "Identity" || op == "Reshape" || op == "Cast" || op == "ReadVariableOp" ||
         op == "ExpandDims" || op == "Squeeze";
}

}  // namespace

VariableTrace::VariableTrace(const Draft& draft, const std::vector<VariableNodes>& variables)
    : draft_(draft) {
  for (std::size_t i = 0; i < variables.size(); ++i) by_node_.emplace(draft.find(variables[i].name), i);
}

NodeId VariableTrace::origin(const Edge& tensor) const {
  NodeId id = tensor.node;
  for (int step = 0; step < kLongestWay && passes_value_on(draft_.op(id)); ++step) {
    const auto inputs = draft_.inputs_now(id);
    if (inputs.empty() || inputs[0].is_control()) break;
    id = inputs[0].node;
  }
  return id;
}

std::optional<std::size_t> VariableTrace::variable(const Edge& tensor) const {
  const auto found = by_node_.find(origin(tensor));
  return found == by_node_.end() ? std::nullopt : std::optional(found->second);
}

bool VariableTrace::is_parameter(const Edge& tensor) const {
  const NodeId id = origin(tensor);
  return by_node_.contains(id) || draft_.op(id) == "Const";
}

std::optional<std::int64_t> VariableTrace::parameter_size(const Edge& tensor) const {
  const NodeId id = origin(tensor);
  if (!is_parameter(tensor) || draft_.is_added(id)) return std::nullopt;
  const std::optional<TensorHead> head = draft_.base().tensor_head(id, "value");
  return head ? head->shape.element_count() : std::nullopt;
}

}  // namespace thaw::internal
