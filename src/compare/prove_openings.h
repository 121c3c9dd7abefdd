// The proof that a graph with opened shapes is the graph that it was made from.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

// Each Reshape that changed takes a constant that differs from the one before in one number alone, which is
// -1; all other nodes are the same. Throws bug, naming the node.
void prove_openings(const Graph& before, const Graph& after);

}  // namespace thaw::internal
