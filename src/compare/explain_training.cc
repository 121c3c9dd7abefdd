#include "compare/explain_training.h"

namespace thaw::internal {

TrainingExplainer::TrainingExplainer(const Draft& draft, const WrittenGraph& written) : is_(written) {
  for (const ChangeView& change : draft.changes()) {
    const bool is_choice = change.rule == "B3";
    if (!is_choice && change.rule != "B1") continue;
    const NodeId id = draft.find(change.node);
    if (id == kNoNode) continue;
    if (!draft.is_added(id)) {
      if (!is_choice) norms_.insert(id);
    } else if (const NodeId now = written.find(change.node); is_choice && now != kNoNode) {
      choices_.insert(now);
    }
  }
}

NodeId TrainingExplainer::at_rest(NodeId id, NodeId now) const {
  if (!norms_.contains(id)) return now;
  const Edge resting = resting_side(now);
  return resting.node == kNoNode || resting.port != 0 ? now : resting.node;
}

Edge TrainingExplainer::source(const Edge& edge) const {
  if (edge.is_control() || !choices_.contains(edge.node)) return edge;
  const Edge resting = resting_side(edge.node);
  return resting.node == kNoNode ? edge : resting;
}

Edge TrainingExplainer::resting_side(NodeId now) const {
  if (is_.op(now) != "Select") return {};
  const std::vector<Edge> inputs = is_.inputs(now);
  const bool chooses = inputs.size() == 3 && data_input_count(inputs) == 3 && is_off(inputs[0]);
  return chooses ? inputs[2] : Edge{};
}

// A placeholder whose default is a constant, which is false.
bool TrainingExplainer::is_off(const Edge& condition) const {
  if (condition.port != 0 || is_.op(condition.node) != "PlaceholderWithDefault") return false;
  const std::vector<Edge> inputs = is_.inputs(condition.node);
  if (inputs.size() != 1 || inputs[0].port != 0 || is_.op(inputs[0].node) != "Const") return false;
  const NodeId constant = inputs[0].node;
  const Value value = is_.home(constant).tensor(is_.local(constant), "value").value;
  return value.dtype() == DType::boolean && value.element_count() == 1 &&
         value.bytes() == std::string(1, '\0');
}

}  // namespace thaw::internal
