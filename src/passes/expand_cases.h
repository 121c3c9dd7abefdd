// _SwitchN written out (--expand-cells): a graph that computes the same and trains.
#pragma once

#include "passes/expand_cells.h"

namespace thaw::internal {

// The graph itself where there are none.
ExpandedCells expand_cases(const std::shared_ptr<const Graph>& graph);

}  // namespace thaw::internal
