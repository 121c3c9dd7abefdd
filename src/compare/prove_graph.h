// The proof that a thawed graph, frozen again, is the graph it came from: node by node, over the file that
// was just written.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compare/written_graph.h"
#include "draft/draft.h"
#include "thaw/plan.h"

namespace thaw::internal {

// What the user asked to be different.
struct AllowedDifferences {
  bool pruned = false;
  bool devices_cleared = false;
  std::set<NodeId> redeclared;  // placeholders with another shape
  std::string frame_scope;      // what stands before every frame's name
};

struct GraphProof {
  std::size_t equal = 0;      // nodes that are the same, names and references apart
  std::size_t explained = 0;  // nodes that a recorded change made different, equal once frozen
};

// `thawed` is what was read back beside the draft's base. Throws bug, naming the node, at the first
// difference that nothing explains.
GraphProof prove_graph(const Draft& draft, const WrittenGraph& thawed, const Plan& plan,
                       const AllowedDifferences& allowed);

}  // namespace thaw::internal
