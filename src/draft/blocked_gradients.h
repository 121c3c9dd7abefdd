// Operations inside loops and branches that TensorFlow has no gradient for and that a gradient would have to
// pass.
#pragma once

#include "draft/contexts.h"

namespace thaw::internal {

// Those between any of `variables` and any of `outputs`, in the order of the graph.
std::vector<NodeId> find_blocked_gradients(const Contexts& contexts, const std::vector<NodeId>& variables,
                                           const std::vector<NodeId>& outputs);

}  // namespace thaw::internal
