#include "compare/frozen_nodes.h"

#include "ops/variable_op.h"

namespace thaw::internal {

namespace {

constexpr int kMostReads = 8;  // in a row

bool is_read(Bytes op) { return op == "Identity" || op == "ReadVariableOp"; }

}  // namespace

bool has_variables(const Graph& graph) {
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (is_variable_op(graph.op(id))) return true;
  }
  return false;
}

NodeId read_variable(const Graph& graph, NodeId id) {
  for (int reads = 0; reads < kMostReads && is_read(graph.op(id)); ++reads) {
    const auto inputs = graph.inputs(id);
    if (inputs.empty() || inputs.front().is_control()) return kNoNode;
    id = inputs.front().node;
    if (is_variable_op(graph.op(id))) return id;
  }
  return kNoNode;
}

bool are_variable_and_constant(const NodeDef& a, const NodeDef& b) {
  return (is_variable_op(a.op) && b.op == "Const") || (a.op == "Const" && is_variable_op(b.op));
}

bool are_reads(const NodeDef& a, const NodeDef& b) { return is_read(a.op) && is_read(b.op) && a.op != b.op; }

std::vector<bool> needed_nodes(const Graph& graph, const std::vector<NodeId>& kept) {
  std::vector<bool> needed(graph.node_count());
  std::vector<NodeId> open = kept;
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    for (const Edge& input : graph.inputs(id)) {
      if (needed[input.node]) continue;
      needed[input.node] = true;
      open.push_back(input.node);
    }
  }
  return needed;
}

}  // namespace thaw::internal
