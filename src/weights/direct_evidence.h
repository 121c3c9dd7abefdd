// Evidence that needs no arithmetic: a constant in a slot that only a variable may feed (E0), a read by its
// name (E1, E2), a folded read in its own name (E3), a lookup colocated with it (E4).
#pragma once

#include <vector>

#include "model/graph.h"
#include "thaw/plan.h"

namespace thaw::internal {

struct DirectEvidence {
  std::vector<Reason> reasons;  // empty: none
  bool ref = false;             // E0 by a reference slot
  bool resource = false;        // E0 by a resource slot
  bool has_read = false;        // E1 or E2: the graph still shows how variables were read
};

DirectEvidence find_direct_evidence(const Graph& graph, NodeId constant);

// Identity nodes that read the constant, through other Identity and Cast nodes.
std::vector<NodeId> find_readers(const Graph& graph, NodeId constant);

// "ReadVariableOp" or "ReadVariableOp_3": what TensorFlow calls reads of resource variables.
bool is_read_variable_name(Bytes last_component);

}  // namespace thaw::internal
