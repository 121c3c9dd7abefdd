#pragma once

#include "verbs/freeze_graph.h"

namespace thaw::internal {

// Reads the written file as a stranger's: its nodes are those of the draft, in order, and each variable is a
// constant of its type and shape. Throws bug.
void prove_frozen(const FrozenGraph& frozen, const SourcePtr& written);

}  // namespace thaw::internal
