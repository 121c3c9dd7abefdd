// Reshapes to constant shapes in which a dimension that --input changes is written down: they take -1 there.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

struct OpenedReshapes {
  std::shared_ptr<const Graph> graph;  // the one that was given, when nothing had to be done
  std::vector<Change> changes;         // I3
};

// A shape is opened where the old size of one changed dimension is one of its numbers, once, no other is -1,
// and the Reshape fails with another size. `words` are those of --input. Throws usage.
OpenedReshapes open_reshapes(const std::shared_ptr<const Graph>& graph,
                             const std::vector<std::string>& words);

}  // namespace thaw::internal
