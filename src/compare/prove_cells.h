// The proof that a graph whose cells were written out is the graph it came from: every other node is the
// same, byte for byte, and what stands for a cell is exactly what a cell of its attributes computes.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

// Throws bug, naming the node, at the first difference.
void prove_cells(const Graph& before, const Graph& after);

}  // namespace thaw::internal
