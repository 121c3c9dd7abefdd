// Proposals: the rules that would most likely match what is left over, for the user to look at and paste.
#pragma once

#include "match/match.h"

namespace thaw::internal {

struct Proposal {
  std::size_t weight = 0, slot = 0;
  std::string rule;  // "--rename 'old=new'"; several proposals may share one
};

// For each left-over weight at most one, each slot once; the nearest names first.
std::vector<Proposal> propose(const Matching& matching, const std::vector<Weight>& weights,
                              const std::vector<Slot>& slots);

}  // namespace thaw::internal
