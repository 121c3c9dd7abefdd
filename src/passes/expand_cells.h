// Cells without a gradient in TensorFlow 2, written out (--expand-cells): a graph that computes the same and
// trains.
#pragma once

#include <memory>
#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

struct ExpandedCells {
  std::shared_ptr<const Graph> graph;  // new nodes stand behind all others
  std::vector<Change> changes;         // K1
};

// The graph itself where there are none.
ExpandedCells expand_cells(const std::shared_ptr<const Graph>& graph);

// What the draft over it has become.
ExpandedCells reread(const std::shared_ptr<const Graph>& graph, const Draft& draft);

}  // namespace thaw::internal
