// What freezing makes of a graph: which nodes that it had are no difference to the frozen one.
#pragma once

#include <vector>

#include "messages/node_def.h"
#include "model/graph.h"

namespace thaw::internal {

bool has_variables(const Graph& graph);

// The variable that a node reads, and nothing else; kNoNode for other nodes and for variables.
NodeId read_variable(const Graph& graph, NodeId id);

// A variable and a constant, in either order; or a read of a variable and an Identity. What they take is for
// the caller to compare.
bool are_variable_and_constant(const NodeDef& a, const NodeDef& b);
bool are_reads(const NodeDef& a, const NodeDef& b);

// Those that `kept` nodes need, directly or not.
std::vector<bool> needed_nodes(const Graph& graph, const std::vector<NodeId>& kept);

}  // namespace thaw::internal
