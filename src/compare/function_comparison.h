// What differs between two functions: how they are declared, and node by node.
#pragma once

#include <functional>

#include "compare/node_comparison.h"
#include "messages/function_def.h"

namespace thaw::internal {

// Their names apart. Throws malformed, naming the function.
FunctionDifference compare_functions(const FunctionDef& a, const FunctionDef& b, const NameChanges& names,
                                     const ElementWishes& wishes);

inline bool is_empty(const FunctionDifference& difference) {
  return difference.parts.empty() && difference.nodes.empty();
}

}  // namespace thaw::internal
