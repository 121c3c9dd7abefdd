// What --bn batch may make different: nodes that choose between training and what was there before, with a
// switch that is off unless it is fed.
#pragma once

#include <unordered_set>

#include "compare/written_graph.h"
#include "draft/draft.h"

namespace thaw::internal {

class TrainingExplainer {
 public:
  TrainingExplainer(const Draft& draft, const WrittenGraph& written);

  // B1: the node that does what `id` of the base graph did, where `now` chooses; else `now`.
  NodeId at_rest(NodeId id, NodeId now) const;
  // B3: who gives a value while nobody trains.
  Edge source(const Edge& edge) const;

 private:
  bool is_off(const Edge& condition) const;
  Edge resting_side(NodeId now) const;

  const WrittenGraph& is_;
  std::unordered_set<NodeId> norms_;    // of the base graph
  std::unordered_set<NodeId> choices_;  // of the written graph
};

}  // namespace thaw::internal
