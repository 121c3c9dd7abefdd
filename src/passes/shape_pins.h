// Dimensions that --input sets free and that the graph holds to their old size all the same: a Reshape to a
// constant, a state of one batch. TensorFlow imports such a graph and fails when it is fed another size.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

// A warning for each dimension of these placeholders that was a number, is unknown now, and fits nothing but
// that number.
std::vector<std::string> find_pinned_dimensions(const Draft& draft, const std::set<NodeId>& redeclared);

}  // namespace thaw::internal
