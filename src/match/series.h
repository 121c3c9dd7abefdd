// Series: names that differ in nothing but the `_k` of their scopes, `dense`, `dense_1`, `dense_2`. The
// numbers depend on what else a program has built before; their order does not.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

struct SeriesPlace {
  std::string pattern;       // the name without its numbers
  std::vector<int> numbers;  // of each component; 0 where there is none
};
SeriesPlace series_place(Bytes name);

// The name with each number replaced by its rank among the names that agree up to that component; those of
// very many components stay as they are.
std::vector<std::string> ranked_names(const std::vector<std::string>& names);

}  // namespace thaw::internal
