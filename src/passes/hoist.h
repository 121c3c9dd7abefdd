// H1 and H2: weights that optimisers or freezing put inside loops and branches stand outside, as variables
// do, and are led in.
#pragma once

#include "draft/contexts.h"
#include "thaw/plan.h"

namespace thaw::internal {

// H1: a constant inside that becomes a variable moves out; who took it takes it through Enters and guards.
// Unguarded, a weight read in one branch would make the whole gradient dead when the other one is taken.
// H2: a tied copy becomes a read of the one that it is a copy of.
void hoist_weights(Draft& draft, const Plan& plan, const Contexts& contexts);

}  // namespace thaw::internal
