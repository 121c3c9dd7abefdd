// Matching by name: weights and slots whose names are equal after something was done to them.
#pragma once

#include "match/board.h"

namespace thaw::internal {

// What a weight or a slot is called in one stage; an empty name takes no part.
struct StageNames {
  std::vector<std::string> weights, slots;  // by index
  bool counted = false;  // numbers come from what else a program has built: alone they prove nothing
  // The slots' numbers are places in a model. Where the order of the weights' numbers is not the one in which
  // they are used, nothing tells which counts.
  bool ordinal = false;
};

// Names that stand for one open weight and one open slot are matched; of different type or shape they clash.
// Series whose numbers differ between the two sides are matched by the order of their numbers, where both
// have equally many and every pair fits: `dense_1` of one program can be `dense` of another.
void match_names(Board& board, const StageNames& names, MatchStage stage, const std::string& why);

}  // namespace thaw::internal
