// Names of nodes and tensors that stand beside a graph: are they in it?
#pragma once

#include "checks/findings.h"
#include "model/model.h"

namespace thaw::internal {

// "a", "a:0" or "^a". kNoNode when absent, also for what is no name at all.
NodeId find_named(const Graph& graph, Bytes name);

// Tensors and operations that collections, contexts of control flow and signatures name: what TensorFlow
// looks up when it imports them (python/framework/meta_graph.py, python/ops/control_flow_ops.py).
void check_node_names(const Model& model, const std::string& file, Findings& findings);

}  // namespace thaw::internal
