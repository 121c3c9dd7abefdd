// Variables that the graph itself changes stay the variables that they are: with their values of the
// checkpoint, saved and restored like all others.
#pragma once

#include "draft/draft.h"
#include "model/carried_variables.h"
#include "passes/variable_nodes.h"
#include "thaw/plan.h"

namespace thaw::internal {

// Takes them from the plan's locals, and their keys and values into its checkpoint; adds them to `variables`,
// sorted by key. Throws usage where two would have one key.
void carry_state(Draft& draft, const CarriedVariables& carried, Plan& plan,
                 std::vector<VariableNodes>& variables);

// Entries of the checkpoint that belong to nothing in the graph: in the checkpoint only.
void carry_others(const CarriedVariables& carried, Plan& plan);

}  // namespace thaw::internal
