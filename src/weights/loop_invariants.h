// Loop variables that never change: what enters such a while loop comes round and leaves as it was. Keras and
// hand-written loops carry their weights so.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

// Whether every value of `merge` is that of its Enter, because the body passes it on: Merge, Switch, any
// Identities, NextIteration and back.
bool is_loop_invariant(const Graph& graph, NodeId merge);

}  // namespace thaw::internal
