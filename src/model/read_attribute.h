// The attributes of a node as values for people and programs outside.
#pragma once

#include "model/graph.h"
#include "thaw/model.h"

namespace thaw::internal {

// Large tensors stay ranges of the graph's source. Types that TensorFlow does not define, references among
// them, come as their numbers. Throws malformed, naming the node.
ModelNode read_node(const Graph& graph, NodeId id);

}  // namespace thaw::internal
