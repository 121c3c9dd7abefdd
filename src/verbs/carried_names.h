// What variables of a SavedModel's objects are called once they are thawed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/graph.h"
#include "subject/graph_variables.h"

namespace thaw::internal {

// By node, of those that are called otherwise than their nodes: the object's name, which the node may have
// with a number behind it, as Keras 3 writes each variable twice (keras/src/export/saved_model.py); where
// several share it, their path through the objects. `variables`: all that will be in one graph.
std::map<NodeId, std::string> names_of_objects(const std::vector<const GraphVariable*>& variables);

}  // namespace thaw::internal
