// A recipe's bytes with random access, of which only what is not zero is held in memory.
#pragma once

#include "io/recipe.h"

namespace thaw::internal {

// Pours the recipe once: for one whose large parts are zeros.
SourcePtr sparse_source(const Recipe& recipe, std::string name);

}  // namespace thaw::internal
