#pragma once

#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

// Removes what none of the wanted nodes needs, by data, control or colocation, as freezing does
// (python/framework/graph_util_impl.py, extract_sub_graph). Before variables are made.
void prune(Draft& draft, const std::vector<NodeId>& wanted);

}  // namespace thaw::internal
