// Reference variables become resources: what TensorFlow 2 and the functions it runs can hold. Variables that
// the graph itself assigns to (state, counters) need more than another kind of node: every operation that
// takes the reference has a counterpart that takes the handle (core/ops/state_ops.cc,
// resource_variable_ops.cc), and what comes out of it, a reference again, becomes a read that waits for it.
#pragma once

#include <string>
#include <vector>

#include "draft/draft.h"
#include "thaw/plan.h"

namespace thaw::internal {

struct StateLeft {
  std::string node;    // that needs a reference
  std::string reason;  // "RefSwitch takes a reference variable"
};

// Changes whatever takes `variables` (VariableV2, Variable, or constants that are about to become variables),
// and the nodes of the former. Those with a user that has no counterpart stay as they are, with all their
// users, and are told.
std::vector<StateLeft> make_state_resources(Draft& draft, const std::vector<NodeId>& variables);

}  // namespace thaw::internal
