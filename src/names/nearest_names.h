// Nearest names: what somebody may have meant by a word that matches nothing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

// Up to `count` names or scopes of names, the likeliest first: by edit distance without regard to case, a
// name whose last components are the word counting as near.
std::vector<std::string> nearest_names(std::string_view word, std::span<const Bytes> names,
                                       std::size_t count = 3);

// The smallest number of single-byte insertions, deletions and replacements that lead from `a` to `b`; a
// result above `limit` only says that it is above.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// Takes off what both begin with and what both end with, without regard to case: their distance stays what it
// was, at less to compare.
void trim_alike(std::string_view& a, std::string_view& b);

}  // namespace thaw::internal
