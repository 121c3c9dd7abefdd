// Constants become variables: the node itself, its reads, its initialiser. One file for both styles, because
// what differs is little: which operations, and whether consumers may take the variable itself.
#pragma once

#include <vector>

#include "draft/draft.h"
#include "passes/initializers.h"
#include "passes/variable_nodes.h"
#include "thaw/plan.h"

namespace thaw::internal {

// In the plan's order. Names in the plan must be those of the draft by now.
std::vector<VariableNodes> make_variables(Draft& draft, const Plan& plan, VariableStyle style,
                                          Initializers& initializers);

}  // namespace thaw::internal
