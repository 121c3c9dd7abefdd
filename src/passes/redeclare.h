// --input: a placeholder's shape declared anew.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

// Words like "x:0[?,16,19,26]" or "x[]". Gives the placeholders that changed. Throws usage for words that
// name no placeholder or hold no shape.
std::set<NodeId> redeclare_inputs(Draft& draft, const std::vector<std::string>& words);

}  // namespace thaw::internal
