// Matching without names: by the layer that a weight shares with a matched one, by shape, and, where the user
// accepts that, by order.
#pragma once

#include "match/by_name.h"

namespace thaw::internal {

// The same role in a layer whose other weights were matched. Returns whether any was found.
bool match_siblings(Board& board);

// The only one of its type and shape among what is open on both sides, unless role, layer or the order of a
// series speaks against it. Returns whether any was found.
bool match_shapes(Board& board);

// Equals by their order, where both sides have equally many.
void match_order(Board& board);

// Open weights and slots of one type and shape.
struct Equals {
  std::vector<std::size_t> weights, slots;
};
std::vector<Equals> group_equals(const Board& board);

}  // namespace thaw::internal
