#include "weights/loop_invariants.h"

#include <optional>

namespace thaw::internal {

namespace {

constexpr std::uint32_t kBody = 1;  // the output of Switch that goes on into the body
constexpr int kLongestWay = 64;

bool is_identity(Bytes op) { return op == "Identity" || op == "RefIdentity"; }

// The first node upstream that is no Identity, as an edge: who gives the value, and at which output.
Edge origin(const Graph& graph, Edge edge) {
  for (int steps = 0; steps < kLongestWay && is_identity(graph.op(edge.node)); ++steps) {
    if (graph.inputs(edge.node).empty()) break;
    edge = graph.inputs(edge.node)[0];
  }
  return edge;
}

bool has_op(const Graph& graph, NodeId id, Bytes op, Bytes ref_op) {
  return graph.op(id) == op || graph.op(id) == ref_op;
}

// The input of a node without others of its kind; nothing for any other node.
std::optional<Edge> input_of(const Graph& graph, NodeId id, Bytes op, Bytes ref_op) {
  const auto inputs = graph.inputs(id);
  if (!has_op(graph, id, op, ref_op) || inputs.empty() || inputs[0].is_control()) return std::nullopt;
  return inputs[0];
}

bool comes_round(const Graph& graph, NodeId next, NodeId merge) {
  const std::optional<Edge> passed = input_of(graph, next, "NextIteration", "RefNextIteration");
  if (!passed) return false;
  const Edge left = origin(graph, *passed);
  const std::optional<Edge> entered = input_of(graph, left.node, "Switch", "RefSwitch");
  if (!entered || left.port != kBody) return false;
  const Edge carried = origin(graph, *entered);
  return carried.node == merge && carried.port == 0;
}

}  // namespace

bool is_loop_invariant(const Graph& graph, NodeId merge) {
  if (!has_op(graph, merge, "Merge", "RefMerge")) return false;
  const auto inputs = graph.inputs(merge);
  if (data_input_count(inputs) != 2) return false;
  const auto enters = [&](NodeId id) { return has_op(graph, id, "Enter", "RefEnter"); };
  return (enters(inputs[0].node) && comes_round(graph, inputs[1].node, merge)) ||
         (enters(inputs[1].node) && comes_round(graph, inputs[0].node, merge));
}

}  // namespace thaw::internal
