#include "weights/anchors.h"

#include <algorithm>
#include <array>

namespace thaw::internal {

namespace {

constexpr int kLongestPassing = 64;

NodeId constant_before(const Graph& graph, NodeId id) {
  constexpr auto kPassing = std::to_array<Bytes>({"Identity", "Enter", "Switch"});
  for (int steps = 0; steps < kLongestPassing; ++steps) {
    if (graph.op(id) == "Const") return id;
    const auto inputs = graph.inputs(id);
    const bool passes = std::ranges::find(kPassing, graph.op(id)) != kPassing.end();
    if (!passes || inputs.empty() || inputs[0].is_control()) return kNoNode;
    id = inputs[0].node;
  }
  return kNoNode;
}

}  // namespace

NodeId constant_at_anchor(const Graph& graph, NodeId constant) {
  for (const Edge& anchor : graph.inputs(constant)) {
    const Bytes op = graph.op(anchor.node);
    if (op != "Enter" && op != "Switch") continue;
    const NodeId entered = constant_before(graph, anchor.node);
    if (entered != kNoNode) return entered;
  }
  return kNoNode;
}

}  // namespace thaw::internal
