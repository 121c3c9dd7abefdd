#include "verbs/likely_outputs.h"

#include <algorithm>

#include "ops/op_table.h"
#include "ops/variable_op.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kMost = 5;

bool is_input(Bytes op) {
  return op == "Placeholder" || op == "PlaceholderV2" || op == "PlaceholderWithDefault";
}

// What is in a graph for training and for telling how it goes.
bool is_of_training(const Graph& graph, NodeId id) {
  const Bytes op = graph.op(id), name = graph.name(id);
  return op.ends_with("Summary") || op.ends_with("SummaryV2") || op.find("Apply") != Bytes::npos ||
         op.starts_with("Assign") || op.starts_with("Save") || op == "NoOp" || op == "Assert" ||
         name.find("gradients") != Bytes::npos || name.find("loss") != Bytes::npos ||
         op.find("CrossEntropy") != Bytes::npos || op.find("CTCLoss") != Bytes::npos ||
         op.ends_with("Grad") || name.starts_with("save/");
}

std::vector<bool> find_reached(const Graph& graph) {
  std::vector<bool> reached(graph.node_count());
  std::vector<NodeId> work;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (is_input(graph.op(id))) work.push_back(id);
  }
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    if (reached[id]) continue;
    reached[id] = true;
    for (const Edge& taker : graph.consumers(id)) {
      if (!taker.is_control() && !is_of_training(graph, taker.node)) work.push_back(taker.node);
    }
  }
  return reached;
}

bool has_output(const Graph& graph, NodeId id) {
  const OpInfo* op = find_op(graph.op(id));
  return op == nullptr || !op->outputs.empty();
}

}  // namespace

std::vector<std::string> likely_outputs(const Graph& graph) {
  const std::vector<bool> reached = find_reached(graph);
  std::vector<NodeId> found;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (!reached[id] || is_input(graph.op(id)) || !has_output(graph, id)) continue;
    const auto goes_on = [&](const Edge& taker) { return !taker.is_control() && reached[taker.node]; };
    if (std::ranges::none_of(graph.consumers(id), goes_on)) found.push_back(id);
  }
  // Probabilities and classes before all else, later ones before earlier ones.
  const auto rank = [&](NodeId id) {
    const Bytes op = graph.op(id);
    return op == "Softmax" || op == "Sigmoid" || op == "ArgMax" ? 0 : op == "Identity" ? 1 : 2;
  };
  std::ranges::sort(found, [&](NodeId a, NodeId b) { return std::pair(rank(a), b) < std::pair(rank(b), a); });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(found.size(), kMost); ++i) names.emplace_back(graph.name(found[i]));
  return names;
}

}  // namespace thaw::internal
