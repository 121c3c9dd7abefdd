// The variables of a graph: what declares them means them, and the checkpoint has them with their types and
// shapes.
#pragma once

#include <set>
#include <string>

#include "checks/stored_tensors.h"
#include "model/model.h"
#include "subject/graph_variables.h"

namespace thaw::internal {

// The messages VariableDef (core/framework/variable.proto) of all collections. Part of the check "graph".
void check_declarations(const Model& model, const std::string& file, Findings& findings);

// Against the entries. Returns the keys that are some variable's.
std::set<std::string> check_variables(const Model& model, const std::vector<GraphVariable>& variables,
                                      const StoredTensors& stored, const std::string& file,
                                      Findings& findings);

}  // namespace thaw::internal
