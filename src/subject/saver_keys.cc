#include "subject/saver_keys.h"

#include <algorithm>

#include "ops/variable_op.h"

namespace thaw::internal {

namespace {

NodeId variable_behind(const Graph& graph, NodeId node) {
  for (std::size_t steps = 0; steps < 8; ++steps) {
    if (is_variable_op(graph.op(node))) return node;
    const bool passes = graph.op(node) == "Identity" || graph.op(node) == "ReadVariableOp";
    const auto inputs = graph.inputs(node);
    if (!passes || inputs.empty() || inputs.front().is_control()) break;
    node = inputs.front().node;
  }
  return kNoNode;
}

std::vector<std::string> strings_of(const Graph& graph, NodeId constant) {
  std::vector<std::string> strings;
  const std::optional<TensorHead> head = graph.tensor_head(constant, "value");
  if (graph.op(constant) != "Const" || !head || head->dtype != DType::string) return strings;
  graph.tensor(constant, "value").value.for_each_string([&](Bytes text) { strings.emplace_back(text); });
  return strings;
}

void add_keys(const Graph& graph, NodeId save, std::map<NodeId, std::vector<std::string>>& keys) {
  const auto inputs = graph.inputs(save);
  if (inputs.size() < 3) return;
  const std::vector<std::string> names = strings_of(graph, inputs[1].node);
  for (std::size_t i = 0; i < names.size() && i + 3 < inputs.size(); ++i) {
    const Edge& tensor = inputs[i + 3];
    if (tensor.is_control()) break;
    const NodeId variable = variable_behind(graph, tensor.node);
    if (variable == kNoNode) continue;
    std::vector<std::string>& known = keys[variable];
    if (std::ranges::count(known, names[i]) == 0) known.push_back(names[i]);
  }
}

}  // namespace

std::map<NodeId, std::vector<std::string>> saver_keys(const Graph& graph) {
  std::map<NodeId, std::vector<std::string>> keys;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.op(id) == "SaveV2") add_keys(graph, id, keys);
  }
  return keys;
}

}  // namespace thaw::internal
