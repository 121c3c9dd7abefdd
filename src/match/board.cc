#include "match/board.h"

namespace thaw::internal {

namespace {

bool can_be(const Shape& wanted, const Shape& shape) {
  if (wanted.unknown_rank()) return true;
  if (wanted.rank() != shape.rank()) return false;
  for (std::size_t i = 0; i < shape.rank(); ++i) {
    if (wanted.dims()[i] >= 0 && wanted.dims()[i] != shape.dims()[i]) return false;
  }
  return true;
}

}  // namespace

bool Board::fits(std::size_t weight, std::size_t slot) const {
  const Weight& from = (*weights_)[weight];
  const Slot& to = (*slots_)[slot];
  const bool other_cell =
      from.cell != to.cell && from.cell != CellLayout::none && to.cell != CellLayout::none;
  return from.dtype == to.dtype && !other_cell && can_be(to.shape, from.shape);
}

void Board::place(std::size_t weight, std::size_t slot, MatchStage stage, std::string why) {
  weight_open_[weight] = false;
  slot_open_[slot] = false;
  placements_.push_back({weight, slot, stage, std::move(why)});
}

void Board::clash(std::size_t weight, std::size_t slot) {
  weight_open_[weight] = false;
  slot_open_[slot] = false;
  clashes_.emplace_back(weight, slot);
}

std::vector<std::size_t> Board::open_of(const std::vector<bool>& flags) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i]) open.push_back(i);
  }
  return open;
}

}  // namespace thaw::internal
