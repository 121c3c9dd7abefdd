// What a graph without signatures is for: what it computes from its inputs with its variables.
#pragma once

#include <string>
#include <vector>

#include "model/graph.h"

namespace thaw::internal {

// Nodes that depend on a variable and, where the graph has any, on an input, and that nothing takes but what
// trains, saves, initialises and watches. Gradients (python/ops/gradients_util.py puts them below
// "gradients") and what is made from them, savers, summaries and what changes variables are none. Throws
// usage when there is nothing.
std::vector<std::string> graph_ends(const Graph& graph);

}  // namespace thaw::internal
