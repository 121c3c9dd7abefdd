// The names that variables had before freezing, where the constants' names hide them.
#pragma once

#include <string>
#include <vector>

#include "model/carried_variables.h"
#include "model/graph.h"
#include "thaw/plan.h"

namespace thaw::internal {

// One for each decision that is a variable, which also gets the reason (M1 ... M7); the constant's own name
// where nothing else is known. Empty for the others. A recovered name is never one that another node has.
std::vector<std::string> recover_variable_names(const Graph& graph, const CarriedVariables* carried,
                                                std::vector<Decision>& decisions);

}  // namespace thaw::internal
