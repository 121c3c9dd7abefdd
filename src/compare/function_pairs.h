// Which functions of two libraries are the same one: of one name, or of equal contents under another name, as
// TensorFlow's freezer makes them (f, f_frozen_123), or only named alike.
#pragma once

#include <cstddef>
#include <vector>

#include "compare/node_comparison.h"
#include "model/library.h"

namespace thaw::internal {

struct FunctionPair {
  std::size_t a, b;  // of Library::functions()
};

// In the order of A. Enters the names that differ into `names.functions`.
std::vector<FunctionPair> pair_functions(const Library& a, const Library& b, NameChanges& names);

}  // namespace thaw::internal
