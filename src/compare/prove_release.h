// The proof that a graph for an earlier TensorFlow is the graph that it was made from.
#pragma once

#include "model/graph.h"
#include "ops/op_history.h"

namespace thaw::internal {

// Node by node, those of functions too: same names, inputs, devices and values; operations may only have
// taken an older form, attributes may only be gone where the release does not know them and they said what is
// said without them. Throws bug, naming the node.
void prove_release(const Graph& before, const Graph& after, const TensorFlowRelease& release);

}  // namespace thaw::internal
