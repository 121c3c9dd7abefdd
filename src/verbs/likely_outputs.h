#pragma once

#include <string>
#include <vector>

#include "model/graph.h"

namespace thaw::internal {

// Nodes that a training graph's author is likely to want as outputs, the likeliest first, a few at most: what
// a loss is made from, and what depends on placeholders and feeds nothing but what trains, saves and tells.
std::vector<std::string> likely_outputs(const Graph& graph);

}  // namespace thaw::internal
