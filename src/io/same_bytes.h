// Bytes to be written, compared with bytes that can be read, without either being held in memory.
#pragma once

#include "io/recipe.h"

namespace thaw::internal {

// The first piece of `recipe`, as it pours them, that `source` does not hold in the same place; nothing when
// it holds them all.
std::optional<Range> find_difference(const Recipe& recipe, const Source& source);

// `b` without producers.
bool same_bytes(const Recipe& a, const Recipe& b);

}  // namespace thaw::internal
