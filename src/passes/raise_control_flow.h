// W1 to W4: the loops and conds of TensorFlow 1 as While and If, which functions of TensorFlow 2 have
// gradients of. tf.saved_model.load prunes a graph and thereby loses what it knew of the old ones
// (python/saved_model/load_v1_in_v2.py).
#pragma once

#include "passes/raise_problems.h"
#include "thaw/plan.h"

namespace thaw::internal {

struct Raised {
  std::size_t loops = 0, conds = 0, arrays = 0;
  std::vector<NotRaised> left;  // as they were
};

// The constants that become variables, and the copies of them.
RaiseOutside outside_of(const Plan& plan);

// Every loop becomes a While, every cond an If, stateless where nothing inside has effects; TensorArrays
// become TensorLists. Exits and Merges of the main graph stay as Identities of their names. A loop or cond
// that cannot be raised stays as it is, with all that lies in it. Constants that are `outside` move out of
// what is raised; copies inside are replaced by them. Edits make the draft's contexts stale.
Raised raise_control_flow(Draft& draft, const RaiseOutside& outside);

}  // namespace thaw::internal
