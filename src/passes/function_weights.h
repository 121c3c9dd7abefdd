// Weights inside functions become constants of the graph that calls hand down: a graph that means the same,
// and in which they can be made variables like all others.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "draft/draft.h"
#include "model/call_view.h"
#include "thaw/plan.h"

namespace thaw::internal {

struct HandedDown {
  std::shared_ptr<const Graph> graph;         // the input itself when its functions hold no weights
  std::unordered_map<NodeId, NodeId> places;  // of weights in functions: their numbers in the view and here
  std::vector<Change> changes;
};

// Decisions are those of the view. Weights of functions that cannot take arguments stay constants, unsure:
// N15; all of them do when functions would get too many arguments: N16.
HandedDown hand_down_weights(const std::shared_ptr<const Graph>& graph, const Library& library,
                             const CallView& view, std::vector<Decision>& decisions);

}  // namespace thaw::internal
