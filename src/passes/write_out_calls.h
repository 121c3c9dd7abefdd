// Calls that weights go through and TensorFlow cannot differentiate, written out: an imported call is
// differentiated by the runtime as a whole (SymbolicGradient), which knows neither calls nor loops nor most
// operations inside of it. Calls that it does know stay calls; loops and branches get bodies in which calls
// are written out.
#pragma once

#include <memory>
#include <vector>

#include "passes/expand_cells.h"
#include "passes/function_bodies.h"

namespace thaw::internal {

struct WrittenCalls {
  std::shared_ptr<const Graph>
      graph;                    // the input itself where nothing had to be done; new nodes behind all others
  std::vector<Change> changes;  // F5; F2 and F3 of functions; K1 of cells in them
  std::vector<CallThatStays> stay;
};

// `weights`: the constants that become variables. Cells in functions are written out where that is asked for.
WrittenCalls write_out_calls(const std::shared_ptr<const Graph>& graph, const std::vector<NodeId>& weights,
                             bool expand_cells, std::uint64_t most = kMostWrittenOut);

}  // namespace thaw::internal
