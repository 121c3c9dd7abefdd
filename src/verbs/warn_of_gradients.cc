#include "verbs/warn_of_gradients.h"

#include <map>

#include "draft/case_expansion.h"
#include "draft/cell_expansion.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Nodes of one operation that TensorFlow has no gradient for.
struct Blocked {
  std::vector<std::string> nodes;  // as they are shown
  bool expandable = false;
};

using BlockedByOp = std::map<std::string, Blocked>;

bool may_expand(Bytes op) { return is_cell(op) || is_case(op); }

// Wherever they are: not only in loops.
void add_cells(const Draft& draft, BlockedByOp& found) {
  for (const NodeId id : draft.order()) {
    if (!may_expand(draft.op(id))) continue;
    Blocked& blocked = found[std::string(draft.op(id))];
    blocked.nodes.push_back(thaw::quoted(draft.name_view(id)));
    const NodeDef node = draft.node_def(id);
    blocked.expandable = blocked.expandable || is_expandable(node) || branches_of(node) > 0;
  }
}

// In functions that calls lead to; there they stay as they are.
void add_inner_cells(const Rewritten& rewritten, BlockedByOp& found) {
  for (const FunctionPlace& place : rewritten.view.places) {
    if (place.function == kNoFunction) continue;
    const FunctionDef& function = rewritten.library->functions()[place.function];
    const NodeDef& node = function.nodes[place.node].node;
    if (!may_expand(node.op)) continue;
    found[node.op].nodes.push_back(thaw::quoted(node.name) + " in function " + thaw::quoted(function.name));
  }
}

bool is_call(Bytes op) { return op == "PartitionedCall" || op == "StatefulPartitionedCall"; }

// The first call in a function.
const NodeDef* find_call(const FunctionDef& function) {
  for (const auto& node : function.nodes) {
    if (is_call(node.node.op)) return &node.node;
  }
  return nullptr;
}

// TensorFlow differentiates a call as a whole (SymbolicGradient), and knows no gradient of a call in it.
void warn_of_inner_calls(const Graph& graph, std::vector<std::string>& lines) {
  std::optional<Library> library;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (!is_call(graph.op(id))) continue;
    if (!library) library.emplace(graph);
    const std::optional<CallSite> call = find_call_site(graph.node_def(id), *library);
    const NodeDef* inner = call ? find_call(library->functions()[call->callees[0].function]) : nullptr;
    if (inner == nullptr) continue;
    lines.push_back("TensorFlow has no gradient for " + inner->op + " in a function (node " +
                    thaw::quoted(inner->name) + ", called by " + thaw::quoted(graph.name(id)) +
                    "): weights before it do not train");
  }
}

void add_others(const ReportedControlFlow& control_flow, BlockedByOp& found) {
  for (const ReportedOp& blocked : control_flow.without_gradient) {
    if (!may_expand(blocked.op)) found[blocked.op].nodes.push_back(thaw::quoted(blocked.node));
  }
}

std::string line_of(const std::string& op, const Blocked& blocked) {
  const std::string more =
      blocked.nodes.size() == 1 ? "" : " and " + std::to_string(blocked.nodes.size() - 1) + " more";
  const std::string way_out = blocked.expandable ? "; --expand-cells writes it out" : "";
  return "TensorFlow has no gradient for " + op + " (node " + blocked.nodes.front() + more +
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
  add_inner_cells(rewritten, found);
  warn_of_inner_calls(*rewritten.handed_down.graph, lines);
  for (const auto& [op, blocked] : found) lines.push_back(line_of(op, blocked));
  return lines;
}

}  // namespace thaw::internal
