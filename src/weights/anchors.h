// Constants that wait for what enters a loop or a branch.
//
// Grappler writes a constant where a known value was passed on, and lets it wait for what passed it on
// (core/grappler/optimizers/constant_folding.cc, MaterializeConstantValuedNode); what entered may be left
// with nobody who reads it. Programs and freezers let constants wait for an Identity or a NoOp.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

// The constant that enters where this one waits, through an Enter or Switch that takes it directly or passed
// on; kNoNode when it waits for nothing of the kind.
NodeId constant_at_anchor(const Graph& graph, NodeId constant);

}  // namespace thaw::internal
