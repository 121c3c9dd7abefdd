// The proof that a graph whose batch norms were unfolded is the graph that it was made from.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

// Each bias that is a norm now: the norm is the one that leaves every number as it is, written anew and
// compared; all other nodes are the same but for names. Throws bug, naming the node.
void prove_unfolding(const Graph& before, const Graph& after);

}  // namespace thaw::internal
