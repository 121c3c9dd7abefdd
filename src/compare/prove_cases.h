// The proof that a graph whose _SwitchN were written out is the graph it came from: chains of Switches turn
// by the same index, whoever took an output takes the one that stands for it, and nothing else differs.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

// Throws bug, naming the node, at the first difference.
void prove_cases(const Graph& before, const Graph& after);

}  // namespace thaw::internal
