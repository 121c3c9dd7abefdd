// The proof that a graph in which calls and, inside of functions, cells were written out means what it meant:
// every node of a function stands below the name of its call, and takes what it took.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

// Throws bug, naming the node, at the first difference that nothing explains.
void prove_calls(const Graph& before, const Graph& after);

}  // namespace thaw::internal
