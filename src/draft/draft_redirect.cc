#include <algorithm>

#include "draft/draft.h"

namespace thaw::internal {

namespace {

// A slot among the edges of a node; control edges are found by their producer.
std::size_t place_of(const std::vector<Edge>& edges, const Edge& consumer, NodeId old) {
  if (!consumer.is_control()) return consumer.port;
  const auto found = std::ranges::find(edges, Edge{old, kControl});
  return static_cast<std::size_t>(found - edges.begin());
}

}  // namespace

void Draft::redirect(NodeId id, std::uint32_t slot, Edge producer, Change change) {
  NodeDef node = node_def(id);
  std::vector<Edge> edges = inputs(id);
  std::erase(own_consumers(edges[slot].node), Edge{id, slot});
  edges[slot] = producer;
  node.inputs[slot] = format_input(name_view(producer.node), producer.port);
  store(id, std::move(node), edges);
  own_consumers(producer.node).push_back({id, slot});
  note(change, name_view(id));
}

void Draft::redirect_all(const std::vector<Edge>& consumers, NodeId old, Edge producer,
                         const std::string& rule) {
  const std::string what = "takes " + name(producer.node);
  std::unordered_set<std::uint64_t> moved;
  for (const Edge& consumer : consumers) {
    NodeDef node = node_def(consumer.node);
    std::vector<Edge> edges = inputs(consumer.node);
    const std::size_t place = place_of(edges, consumer, old);
    edges[place] = {producer.node, consumer.is_control() ? kControl : producer.port};
    node.inputs[place] = consumer.is_control() ? "^" + name(producer.node)
                                               : format_input(name_view(producer.node), producer.port);
    store(consumer.node, std::move(node), edges);
    if (producer.node != old) {
      moved.insert(key_of(consumer));
      own_consumers(producer.node).push_back(consumer);
    }
    note({rule, name(consumer.node), what}, name_view(consumer.node));
  }
  if (moved.empty()) return;
  std::erase_if(own_consumers(old), [&](const Edge& edge) { return moved.contains(key_of(edge)); });
}

}  // namespace thaw::internal
