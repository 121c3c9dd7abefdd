// Copies of weights that folding moved into loops and branches: one variable, not several.
#pragma once

#include <vector>

#include "model/graph.h"
#include "thaw/plan.h"

namespace thaw::internal {

// Grappler puts a constant of a weight's numbers wherever the weight enters a loop, anchored there by a
// control edge (core/grappler/optimizers/constant_folding.cc, MaterializeConstantValuedNode); what it read
// may stay behind, read by nobody. Every such copy is tied to one constant, preferably the one outside, which
// becomes the variable in its place.
void tie_copies(const Graph& graph, std::span<Decision> decisions);

}  // namespace thaw::internal
