#include <algorithm>

#include "draft/draft.h"

namespace thaw::internal {

void Draft::remove_all(const std::vector<NodeId>& nodes, const std::string& rule, const std::string& what) {
  std::vector<NodeId> producers;
  for (const NodeId id : nodes) {
    for (const Edge& input : inputs_now(id)) producers.push_back(input.node);
  }
  for (const NodeId id : nodes) {
    const Bytes name = name_view(id);
    set_name(name, kNoNode);
    removed_[id] = true;
    note({rule, std::string(name), what}, name);
  }
  std::ranges::sort(producers);
  const auto rest = std::ranges::unique(producers);
  producers.erase(rest.begin(), rest.end());
  for (const NodeId id : producers)
    std::erase_if(own_consumers(id), [&](const Edge& edge) { return removed_[edge.node]; });
}

}  // namespace thaw::internal
