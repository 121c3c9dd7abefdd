// Under which keys a graph's own Saver keeps its variables.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/graph.h"

namespace thaw::internal {

// By the node of the variable. From SaveV2 (inputs: 0 prefix, 1 tensor_names, 2 shape_and_slices, 3 ... the
// tensors, read through Identity or ReadVariableOp). Empty for a graph without a Saver.
std::map<NodeId, std::vector<std::string>> saver_keys(const Graph& graph);

}  // namespace thaw::internal
