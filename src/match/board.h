// Board: which weights and slots are still open while they are matched, stage after stage.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "match/slots.h"
#include "thaw/transplant.h"

namespace thaw::internal {

struct Placement {
  std::size_t weight = 0, slot = 0;
  MatchStage stage = MatchStage::exact;
  std::string why;
};

class Board {
 public:
  Board(const std::vector<Weight>& weights, const std::vector<Slot>& slots)
      : weights_(&weights),
        slots_(&slots),
        weight_open_(weights.size(), true),
        slot_open_(slots.size(), true) {}

  const Weight& weight(std::size_t i) const { return (*weights_)[i]; }
  const Slot& slot(std::size_t i) const { return (*slots_)[i]; }
  std::vector<std::size_t> open_weights() const { return open_of(weight_open_); }
  std::vector<std::size_t> open_slots() const { return open_of(slot_open_); }
  bool is_weight_open(std::size_t i) const { return weight_open_[i]; }
  bool is_slot_open(std::size_t i) const { return slot_open_[i]; }

  // Same type, no cells of two layouts, and a shape that can be meant.
  bool fits(std::size_t weight, std::size_t slot) const;

  void place(std::size_t weight, std::size_t slot, MatchStage stage, std::string why);
  // One name, two kinds of value: neither is matched with anything else.
  void clash(std::size_t weight, std::size_t slot);
  void close_slot(std::size_t slot) { slot_open_[slot] = false; }

  const std::vector<Placement>& placements() const { return placements_; }
  const std::vector<std::pair<std::size_t, std::size_t>>& clashes() const { return clashes_; }

 private:
  static std::vector<std::size_t> open_of(const std::vector<bool>& flags);

  const std::vector<Weight>* weights_;
  const std::vector<Slot>* slots_;
  std::vector<bool> weight_open_, slot_open_;
  std::vector<Placement> placements_;
  std::vector<std::pair<std::size_t, std::size_t>> clashes_;
};

}  // namespace thaw::internal
