// Under which keys a graph's own Saver keeps its variables.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/graph.h"
#include "model/library.h"

namespace thaw::internal {

using SaverKeys = std::map<NodeId, std::vector<std::string>>;  // by the node of the variable

// From the nodes that save: SaveV2 and SaveSlices (inputs: 0 prefix, 1 tensor_names, 2 shape_and_slices, 3
// ... the tensors, read through Identity or ReadVariableOp), Save (the same without 2). Empty for a graph
// without a Saver.
SaverKeys saver_keys(const Graph& graph);

// From the functions with which SavedModels of TensorFlow 2 restore (python/saved_model/save.py): RestoreV2
// (inputs: 0 prefix, 1 tensor_names), each of whose outputs an AssignVariableOp puts into an argument, which
// the graph's call fills with a variable.
SaverKeys restore_function_keys(const Graph& graph, const Library& library);

}  // namespace thaw::internal
