// Trained or not: moving statistics by their slots and by the arithmetic of batch normalisation, states by
// their slots, types and names.
#pragma once

#include "model/graph.h"
#include "thaw/plan.h"
#include "weights/uses.h"

namespace thaw::internal {

struct RoleDecision {
  Role role = Role::trainable;
  Reason reason;  // R0 .. R7
};

RoleDecision decide_role(const Graph& graph, NodeId constant, const Decision& decision,
                         const std::vector<Use>& uses);

}  // namespace thaw::internal
