#include "verbs/warn_of_gradients.h"

#include <map>

#include "draft/case_expansion.h"
#include "draft/cell_expansion.h"
#include "ops/quantized_ops.h"
#include "passes/function_calls.h"
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

// In functions that are called.
void add_inner_cells(const Rewritten& rewritten, BlockedByOp& found) {
  const Graph& graph = *rewritten.written_calls.graph;
  if (!graph.has_library()) return;
  const Library library(graph);
  const FunctionCalls calls(graph, library);
  for (std::size_t i = 0; i < library.functions().size(); ++i) {
    if (!calls.is_executed(i)) continue;
    const FunctionDef& function = library.functions()[i];
    for (const auto& [node, field] : function.nodes) {
      if (!may_expand(node.op)) continue;
      Blocked& blocked = found[node.op];
      blocked.nodes.push_back(thaw::quoted(node.name) + " in function " + thaw::quoted(function.name));
      blocked.expandable = blocked.expandable || (calls.can_grow(i) && is_expandable(node));
    }
  }
}

// TensorFlow differentiates a call as a whole (SymbolicGradient), and only what its runtime has a gradient
// for.
void add_calls(const std::vector<CallThatStays>& calls, std::vector<std::string>& lines) {
  for (const CallThatStays& call : calls) {
    lines.push_back("TensorFlow has no gradient for " + call.op + " (node " + call.node +
                    ") in the function that node " + call.call +
                    " calls, and the call cannot be written out: " + call.why +
                    "; weights before it do not train");
  }
}

void add_others(const ReportedControlFlow& control_flow, BlockedByOp& found) {
  for (const ReportedOp& blocked : control_flow.without_gradient) {
    if (!may_expand(blocked.op)) found[blocked.op].nodes.push_back(thaw::quoted(blocked.node));
  }
}

// Whatever has a range among its inputs takes or gives numbers of few bits; no gradient gets through them.
void add_quantized(const Draft& draft, std::vector<std::string>& lines) {
  std::size_t count = 0;
  std::string example;
  for (NodeId id = 0; id < draft.id_limit(); ++id) {
    const Bytes op = draft.is_removed(id) ? Bytes() : draft.op(id);
    if (!is_quantized_op(op) || op == "Dequantize" || op == "RequantizationRange") continue;
    if (count++ == 0) example = std::string(op) + ", node " + thaw::quoted(draft.name_view(id));
  }
  if (count == 0) return;
  lines.push_back(std::to_string(count) + (count == 1 ? " operation computes" : " operations compute") +
                  " with numbers of few bits (" + example + ") and " + (count == 1 ? "has" : "have") +
                  " no gradient: weights before them do not train; --float-ops puts operations on floats in "
                  "their place");
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
  add_calls(rewritten.written_calls.stay, lines);
  for (const auto& [op, blocked] : found) lines.push_back(line_of(op, blocked));
  add_quantized(rewritten.draft, lines);
  return lines;
}

}  // namespace thaw::internal
