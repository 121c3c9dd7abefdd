// A thawed graph, frozen in memory with the values of its checkpoint.
#pragma once

#include "verbs/compared_side.h"

namespace thaw::internal {

// The graph that it was thawed from, node for node, where it tells of that; null for graphs of other origin
// and where variables have no values.
std::shared_ptr<const Graph> frozen_again(const ComparedSide& side);

}  // namespace thaw::internal
