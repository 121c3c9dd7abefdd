// Where the variables of loops are: a Merge of what a loop begins with and what comes round.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

inline bool is_back_edge(Bytes producer) {
  return producer == "NextIteration" || producer == "RefNextIteration";
}

// Just one of its two inputs comes round.
bool is_loop_merge(const Graph& graph, NodeId id);

}  // namespace thaw::internal
