// Which weights of two lists are the same one.
#pragma once

#include <cstddef>
#include <vector>

#include "names/name_rules.h"
#include "verbs/weight_list.h"

namespace thaw::internal {

inline constexpr std::size_t kNoPartner = static_cast<std::size_t>(-1);

struct WeightPairs {
  std::vector<std::size_t> of_a;  // B's weight of each of A's; kNoPartner
  std::vector<std::size_t> of_b;  // the other way round
};

// By node or key, then by any of their names; A's as the rules make them. The rules may be null.
WeightPairs pair_weights(const WeightList& a, const WeightList& b, NameRules* rename);

// What the rules make of a name.
std::string renamed(NameRules* rules, const std::string& name);

// Weights without a partner whose bits one weight without a partner on the other side has, and no third one.
// Pairs of weights of A and of B. Reads all of them.
std::vector<std::pair<std::size_t, std::size_t>> same_bits_elsewhere(const WeightList& a, const WeightList& b,
                                                                     const std::vector<std::size_t>& only_a,
                                                                     const std::vector<std::size_t>& only_b);

}  // namespace thaw::internal
