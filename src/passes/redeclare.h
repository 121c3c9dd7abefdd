// --input: a placeholder's shape declared anew.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "draft/draft.h"
#include "passes/shape_inference.h"

namespace thaw::internal {

// The placeholders that such words name, and the shapes that they give them. Throws usage.
DeclaredShapes declared_shapes(const Draft& draft, const std::vector<std::string>& words);

// Words like "x:0[?,16,19,26]" or "x[]". Gives the placeholders that changed (rule I1); what flows from them
// loses its
// `_output_shapes`, which TensorFlow compares with what it infers (rule I2). Throws usage for words that name
// no placeholder or hold no shape, and for shapes that a node cannot take which took what was declared
// before.
std::set<NodeId> redeclare_inputs(Draft& draft, const std::vector<std::string>& words);

}  // namespace thaw::internal
