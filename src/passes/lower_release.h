// --target-tf: a graph for an earlier TensorFlow, as far as it can be the same graph.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "draft/draft.h"
#include "ops/op_history.h"

namespace thaw::internal {

struct LoweredGraph {
  std::shared_ptr<const Graph> graph;  // the one that was given, when nothing had to be done
  std::vector<Change> changes;         // Q1 to Q3
};

// Nodes of the graph and of its functions take older forms, versions become those of the release. What has no
// older form stays as it is: see check_release.
LoweredGraph lower_to(const std::shared_ptr<const Graph>& graph, const TensorFlowRelease& release);

// The same for the nodes that the draft has beyond its base.
void lower_added(Draft& draft, const TensorFlowRelease& release);

// Throws unsupported, naming nodes of the draft and of its base's functions that the release would refuse.
void check_release(const Draft& draft, const TensorFlowRelease& release);

}  // namespace thaw::internal
