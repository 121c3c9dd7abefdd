// What tools leave in the graphs that they pass over: names, operations, and what is missing.
#pragma once

#include <string>
#include <vector>

#include "model/graph.h"

namespace thaw::internal {

struct ToolMark {
  const char* tool;
  const char* mark;          // what was seen, as a noun
  std::size_t count = 0;     // nodes
  std::string example = {};  // the first of them
};

// Those that some node has, in the order of the tools' usual turn.
std::vector<ToolMark> find_tool_marks(const Graph& graph);

}  // namespace thaw::internal
