// The weights of two sides, compared.
#pragma once

#include "compare/value_delta.h"
#include "verbs/weight_pairs.h"

namespace thaw::internal {

struct WeightWishesOfDiff {
  ElementWishes elements;
  NameRules* rename = nullptr;        // of A's names; may be null
  std::function<bool(Bytes)> wanted;  // names that are compared; empty: all
  std::function<void(std::uint64_t, std::uint64_t)> progress;
};

// Fills what the report tells of weights. Throws malformed, naming the weight.
void compare_weights(const WeightList& a, const WeightList& b, const WeightPairs& pairs,
                     const WeightWishesOfDiff& wishes, DiffReport& report);

}  // namespace thaw::internal
