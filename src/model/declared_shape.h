#pragma once

#include "model/graph.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// The attribute `shape` of a node, as variables, handles and placeholders have it; of unknown rank without
// one. Throws malformed.
Shape declared_shape(const Graph& graph, NodeId id);

}  // namespace thaw::internal
