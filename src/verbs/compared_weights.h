// The weights of both sides of a diff, and which of them are one.
#pragma once

#include "verbs/weight_pairs.h"

namespace thaw::internal {

struct ComparedWeights {
  WeightList a, b;
  WeightPairs pairs;
};

// The sides must outlive them. `rename` may be null. Throws malformed.
ComparedWeights list_both(const ComparedSide& a, const ComparedSide& b, NameRules* rename);

}  // namespace thaw::internal
