// What differs between two graphs beside their nodes and functions: versions, gradients of functions.
#pragma once

#include "compare/node_comparison.h"
#include "model/library.h"

namespace thaw::internal {

void compare_rest(const Graph& a, const Library& functions_a, const Graph& b, const Library& functions_b,
                  const NameChanges& names, GraphDifference& found);

}  // namespace thaw::internal
