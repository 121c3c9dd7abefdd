// A written graph as something else would have written it.
#pragma once

#include <functional>

#include "passes/thawed.h"

namespace thaw::internal {

using Edit = std::function<void(NodeDef&)>;

// The written graph with one node changed, or gone where the edit clears its name.
inline SourcePtr edited(const Thawed& thawed, const std::string& name, const Edit& edit) {
  std::string bytes;
  bool found = false;
  for (NodeId id = 0; id < thawed.graph->node_count(); ++id) {
    NodeDef node = thawed.graph->node_def(id);
    if (node.name == name) {
      edit(node);
      found = true;
    }
    if (!node.name.empty()) bytes += encode_graph_node(node).bytes();
  }
  EXPECT_TRUE(found) << name;
  return memory_source(bytes);
}

}  // namespace thaw::internal
