// Variables that freezing left in the graph (DeepSpeech's previous_state_c and previous_state_h) become local
// variables: in no checkpoint, with an initialiser, so that a session can run and save.
#pragma once

#include <string>
#include <vector>

#include "draft/draft.h"
#include "passes/variable_nodes.h"
#include "thaw/plan.h"

namespace thaw::internal {

// Initialised by the graph's own assignment of a value that no input decides, else by zeros. Variables whose
// shape nobody knows are left as they are and named in `warnings`.
std::vector<VariableNodes> make_locals(Draft& draft, const std::vector<LocalVariable>& locals,
                                       std::vector<std::string>& warnings);

}  // namespace thaw::internal
