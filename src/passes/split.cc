#include "passes/split.h"

#include <unordered_set>

#include "ops/op_slots.h"

namespace thaw::internal {

namespace {

// Whether everything an edge leads to, through nodes that pass values on, is structural.
bool is_structural(const Draft& draft, const Edge& edge) {
  std::vector<Edge> work{edge};
  std::unordered_set<NodeId> seen;
  bool structural = false;
  while (!work.empty()) {
    const Edge now = work.back();
    work.pop_back();
    const Bytes op = draft.op(now.node);
    const std::uint32_t inputs = data_input_count(draft.inputs_now(now.node));
    if (is_structural_slot(op, now.port, inputs)) {
      structural = true;
    } else if (!is_transparent(op, now.port, inputs)) {
      return false;
    } else if (seen.insert(now.node).second) {
      for (const Edge& next : draft.consumers(now.node)) {
        if (!next.is_control()) work.push_back(next);
      }
    }
  }
  return structural;
}

}  // namespace

void split_constants(Draft& draft, const Plan& plan) {
  for (const Decision& decision : plan.decisions) {
    if (!decision.split) continue;
    NodeId copy = kNoNode;
    for (const Edge& consumer : draft.consumers(decision.node)) {
      if (consumer.is_control() || !is_structural(draft, consumer)) continue;
      if (copy == kNoNode) {
        NodeDef node = draft.node_def(decision.node);
        node.name = draft.unique_name(node.name + "/constant");
        Change change{"C1", node.name, "a constant of its own for the use as a shape or size"};
        copy = draft.add(std::move(node), decision.node, std::move(change));
      }
      draft.redirect(consumer.node, consumer.port, {copy, 0},
                     {"C1", draft.name(consumer.node), "takes " + draft.name(copy)});
    }
  }
}

}  // namespace thaw::internal
