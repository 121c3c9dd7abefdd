// Loops as TensorFlow builds them: freezing has dropped the exits of variables that nobody reads, optimisers
// have dropped Identities. Nodes are added and none changes what it computes. Without them TensorFlow
// refuses the gradient, or silently loses a part of it.
#pragma once

#include "draft/flow_structure.h"

namespace thaw::internal {

// X1: every variable of a loop has one Exit; the backward loop is entered through them
// (python/ops/control_flow_state.py, ProcessUnusedLoopExits).
void complete_exits(Draft& draft, const FlowStructure& structure);

// X2: only one Identity reads the body's side of a loop's Switch: the gradient is passed on when the first
// share has arrived (python/ops/gradients_util.py, _UpdatePendingAndEnqueueReady).
void complete_identities(Draft& draft, const FlowStructure& structure);

// X3: a Switch that both branches read belongs to neither; the true branch gets one of its own, and so does
// the other one where control edges leave the Switch.
void split_guards(Draft& draft, const FlowStructure& structure);

}  // namespace thaw::internal
