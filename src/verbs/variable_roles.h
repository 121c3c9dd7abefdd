// What the variables of a graph are for.
#pragma once

#include "subject/graph_variables.h"
#include "thaw/plan.h"

namespace thaw::internal {

// As the graph says; else by their names and by where their values go. `graph` may hold more nodes than the
// variables' own, behind these.
std::vector<Role> roles_of_variables(const Graph& graph, const std::vector<GraphVariable>& variables);

}  // namespace thaw::internal
