// --unfold-batch-norm: batch norms that were folded into the weights before them stand behind them again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

struct UnfoldedNorms {
  std::shared_ptr<const Graph> graph;  // the one that was given, when no norm was folded
  std::vector<Change> changes;         // B5
  std::vector<std::string> scopes;     // of the norms
};

// Those that a mark of folding shows, outside of loops and branches.
UnfoldedNorms unfold_norms(const std::shared_ptr<const Graph>& graph);

}  // namespace thaw::internal
