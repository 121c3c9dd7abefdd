// match: which weight goes into which slot, and why. Nothing is guessed: what cannot be told apart stays
// open.
#pragma once

#include "match/by_structure.h"
#include "match/training_state.h"

namespace thaw::internal {

struct Matching {
  std::vector<Placement> placements;
  std::vector<std::pair<std::size_t, std::size_t>> clashes;  // weight, slot: one name, two kinds of value
  std::vector<std::size_t> weights, slots;                   // left over
  std::vector<Equals> equals;                                // of them, those that cannot be told apart
  std::vector<std::string> scopes;                           // that would explain equally much; for --scope
  std::vector<TrainingState> training;                       // by slot
};

struct MatchWishes {
  bool find_scope = true;  // the user named none
  bool accept_order = false;
  std::vector<bool> skipped;  // slots that take nothing; empty for none
  bool counted = false;       // the target's numbers only count layers, as Keras gives them
  bool ordinal = false;       // and are their places in its model: names of the user's program they are not
};

Matching match(const std::vector<Weight>& weights, const std::vector<Slot>& slots, const MatchWishes& wishes);

}  // namespace thaw::internal
