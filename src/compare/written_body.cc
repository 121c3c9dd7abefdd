#include "compare/written_body.h"

#include <algorithm>

namespace thaw::internal {

WrittenBody::WrittenBody(const Graph& graph) : graph_(&graph), explained_(graph.node_count()) {
  for (NodeId id = 0; id < graph.node_count() && !has_control_flow_; ++id) {
    const Bytes op = graph.op(id);
    has_control_flow_ =
        op == "Switch" || op == "RefSwitch" || op == "Enter" || op == "RefEnter" || op == "_SwitchN";
  }
}

WrittenBody::WrittenBody(const FunctionDef& function)
    : function_(&function), explained_(function.nodes.size()) {
  for (std::size_t i = 0; i < function.nodes.size(); ++i) by_name_.emplace(function.nodes[i].node.name, i);
}

std::optional<std::size_t> WrittenBody::find(const std::string& name) const {
  if (graph_ != nullptr) {
    const NodeId id = graph_->find(name);
    return id == kNoNode ? std::nullopt : std::optional<std::size_t>(id);
  }
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

NodeDef WrittenBody::node(std::size_t number) const {
  return graph_ != nullptr ? graph_->node_def(static_cast<NodeId>(number)) : function_->nodes[number].node;
}

std::optional<NodeDef> WrittenBody::look(const std::string& name) const {
  const auto found = find(name);
  return found ? std::optional(node(*found)) : std::nullopt;
}

std::optional<NodeDef> WrittenBody::take(const std::string& name) {
  const auto found = find(name);
  if (!found) return std::nullopt;
  explained_[*found] = true;
  return node(*found);
}

std::optional<std::string> WrittenBody::unexplained() const {
  const auto found = std::ranges::find(explained_, false);
  if (found == explained_.end()) return std::nullopt;
  const auto node = static_cast<std::size_t>(found - explained_.begin());
  if (graph_ != nullptr) return std::string(graph_->name(static_cast<NodeId>(node)));
  return function_->nodes[node].node.name;
}

}  // namespace thaw::internal
