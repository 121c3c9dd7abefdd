#include "verbs/warn_of_gradients.h"

#include <map>

#include "draft/case_expansion.h"
#include "draft/cell_expansion.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Nodes of one operation that TensorFlow has no gradient for.
struct Blocked {
  std::vector<std::string> nodes;
  bool expandable = false;
};

using BlockedByOp = std::map<std::string, Blocked>;

bool may_expand(Bytes op) { return is_cell(op) || is_case(op); }

// Wherever they are: not only in loops.
void add_cells(const Draft& draft, BlockedByOp& found) {
  for (const NodeId id : draft.order()) {
    if (!may_expand(draft.op(id))) continue;
    Blocked& blocked = found[std::string(draft.op(id))];
    blocked.nodes.push_back(draft.name(id));
    const NodeDef node = draft.node_def(id);
    blocked.expandable = blocked.expandable || is_expandable(node) || branches_of(node) > 0;
  }
}

void add_others(const ReportedControlFlow& control_flow, BlockedByOp& found) {
  for (const ReportedOp& blocked : control_flow.without_gradient) {
    if (!may_expand(blocked.op)) found[blocked.op].nodes.push_back(blocked.node);
  }
}

std::string line_of(const std::string& op, const Blocked& blocked) {
  const std::string more =
      blocked.nodes.size() == 1 ? "" : " and " + std::to_string(blocked.nodes.size() - 1) + " more";
  const std::string way_out = blocked.expandable ? "; --expand-cells writes it out" : "";
  return "TensorFlow has no gradient for " + op + " (node " + thaw::quoted(blocked.nodes.front()) + more +
         "): weights before it do not train" + way_out;
}

}  // namespace

std::vector<std::string> warn_of_gradients(const Rewritten& rewritten) {
  std::vector<std::string> lines;
  BlockedByOp found;
  add_cells(rewritten.draft, found);
  if (rewritten.control_flow) {
    for (const std::string& problem : rewritten.control_flow->problems)
      lines.push_back(problem + ": gradients are refused there");
    add_others(*rewritten.control_flow, found);
  }
  for (const auto& [op, blocked] : found) lines.push_back(line_of(op, blocked));
  return lines;
}

}  // namespace thaw::internal
