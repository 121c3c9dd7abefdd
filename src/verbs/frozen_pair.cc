#include "verbs/frozen_pair.h"

#include <map>

#include "compare/frozen_nodes.h"

namespace thaw::internal {

std::unordered_map<std::string, std::string> same_nodes(const GraphSide& a, const GraphSide& b,
                                                        const WeightPairs& pairs) {
  std::unordered_map<std::string, std::string> same;
  for (std::size_t i = 0; i < pairs.of_a.size(); ++i) {
    if (pairs.of_a[i] == kNoPartner) continue;
    const std::string& was = a.weights->weights[i].node;
    const std::string& is = b.weights->weights[pairs.of_a[i]].node;
    if (!was.empty() && !is.empty() && was != is) same.emplace(was, is);
  }
  return same;
}

FrozenPair::FrozenPair(const GraphSide& a, const GraphSide& b, bool frozen_is_a,
                       const std::unordered_map<std::string, std::string>& same, NameRules* rename)
    : frozen_(frozen_is_a ? a : b), thawed_(frozen_is_a ? b : a), frozen_is_a_(frozen_is_a) {
  for (NodeId id = 0; id < a.graph->node_count(); ++id) {
    const std::string name(a.graph->name(id));
    const auto known = same.find(name);
    const NodeId other = b.graph->find(known != same.end() ? known->second : renamed(rename, name));
    if (other != kNoNode) kept_.push_back(frozen_is_a ? other : id);
  }
}

std::string FrozenPair::strangeness() const {
  const std::size_t all = frozen_.graph->node_count();
  if (2 * kept_.size() >= all) return "";
  return "only " + std::to_string(kept_.size()) + " of " + std::to_string(all) +
         " nodes of the frozen graph are in the other one by name, as freezing writes functions out; --graph "
         "compares them all the same";
}

void FrozenPair::expect(DiffReport& report) const {
  expect_weights(report);
  std::erase_if(report.graph.versions,
                [this](const PartDifference& part) { return (frozen_is_a_ ? part.from : part.to).empty(); });
}

void FrozenPair::expect_weights(DiffReport& report) const {
  const std::vector<bool> needed = needed_nodes(*thawed_.graph, kept_);
  std::map<std::string, NodeId> nodes;
  for (const ListedWeight& weight : thawed_.weights->weights) {
    const NodeId id = weight.node.empty() ? kNoNode : thawed_.graph->find(weight.node);
    if (id != kNoNode) nodes.emplace(weight.names.front(), id);
  }
  const WeightChange only = frozen_is_a_ ? WeightChange::only_b : WeightChange::only_a;
  for (WeightDifference& weight : report.weights) {
    const auto node = nodes.find(weight.name);
    if (weight.change != only || !weight.state.empty() || node == nodes.end() || needed[node->second])
      continue;
    weight.state = "left out by freezing";
    weight.expected = true;
  }
}

}  // namespace thaw::internal
