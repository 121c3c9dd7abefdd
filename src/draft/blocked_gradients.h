// Operations that TensorFlow has no gradient for and that a gradient would have to pass.
#pragma once

#include "draft/contexts.h"

namespace thaw::internal {

// Those inside loops and branches between any of `variables` and any of `outputs`, in the order of the graph.
std::vector<NodeId> find_blocked_gradients(const Contexts& contexts, const std::vector<NodeId>& variables,
                                           const std::vector<NodeId>& outputs);

// The ways of gradients from `outputs` back to `variables`, wherever they lie.
struct GradientWays {
  std::vector<NodeId> blocked;  // operations on the way that have none, in the order of the graph
  std::vector<NodeId> unknown;  // operations on the way that TensorFlow does not have
  std::vector<bool> reached;    // by node: some gradient gets there
};
GradientWays find_gradient_ways(const Draft& draft, const std::vector<NodeId>& variables,
                                const std::vector<NodeId>& outputs);

}  // namespace thaw::internal
