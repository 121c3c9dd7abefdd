#include "match/match.h"

#include <map>

#include "match/by_scope.h"
#include "match/canonical_name.h"

namespace thaw::internal {

namespace {

StageNames plain_names(const std::vector<Weight>& weights, const std::vector<Slot>& slots) {
  StageNames names;
  for (const Weight& weight : weights) names.weights.push_back(weight.name);
  for (const Slot& slot : slots) names.slots.push_back(slot.name);
  return names;
}

StageNames canonical_names(StageNames names) {
  for (std::vector<std::string>* side : {&names.weights, &names.slots}) {
    for (std::string& name : *side) name = canonical_name(name);
  }
  return names;
}

std::vector<std::string> scopes_of(const std::vector<ScopeShift>& shifts) {
  std::vector<std::string> scopes;
  for (const ScopeShift& shift : shifts) scopes.push_back(shift.add.empty() ? shift.strip : shift.add);
  return scopes;
}

// X/ExponentialMovingAverage has the value of X, as when the averages begin.
void place_averages(Matching& matching, const std::vector<Weight>& weights, const std::vector<Slot>& slots,
                    std::vector<bool> filled) {
  std::map<std::string, std::size_t> by_name;
  filled.resize(slots.size());
  for (std::size_t i = 0; i < weights.size(); ++i) by_name.emplace(weights[i].name, i);
  for (const Placement& placement : matching.placements) {
    by_name[slots[placement.slot].name] = placement.weight;
    filled[placement.slot] = true;
  }
  std::vector<Placement> averages;
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    if (filled[slot] || matching.training[slot].kind != TrainingKind::average) continue;
    const auto base = by_name.find(matching.training[slot].variable);
    if (base == by_name.end() || weights[base->second].dtype != slots[slot].dtype ||
        weights[base->second].shape != slots[slot].shape)
      continue;
    averages.push_back({base->second, slot, MatchStage::average, "moving average of the same"});
  }
  for (const Placement& average : averages) std::erase(matching.weights, average.weight);
  matching.placements.insert(matching.placements.end(), averages.begin(), averages.end());
}

void match_rest(Board& board, const StageNames& names, const MatchWishes& wishes, Matching& matching) {
  const StageNames canonical = canonical_names(names);
  match_names(board, canonical, MatchStage::convention, "another convention of names");
  if (wishes.find_scope) {
    matching.scopes = scopes_of(match_scopes(board, names));
    if (matching.scopes.empty()) matching.scopes = scopes_of(match_scopes(board, canonical));
  }
  if (!matching.scopes.empty()) return;
  while (match_siblings(board) || match_shapes(board)) continue;
  if (wishes.accept_order) match_order(board);
}

}  // namespace

Matching match(const std::vector<Weight>& weights, const std::vector<Slot>& slots,
               const MatchWishes& wishes) {
  Matching matching;
  const TrainingStates states(slots);
  for (const Slot& slot : slots) matching.training.push_back(states.find(slot));
  Board board(weights, slots);
  for (std::size_t i = 0; i < wishes.skipped.size(); ++i) {
    if (wishes.skipped[i]) board.close_slot(i);
  }
  StageNames names = plain_names(weights, slots);
  names.counted = wishes.counted;
  names.ordinal = wishes.ordinal;
  match_names(board, names, MatchStage::exact, "");
  for (const std::size_t i : board.open_slots()) {
    if (matching.training[i].kind != TrainingKind::none) board.close_slot(i);
  }
  match_rest(board, names, wishes, matching);
  matching.placements = board.placements();
  matching.clashes = board.clashes();
  matching.weights = board.open_weights();
  matching.slots = board.open_slots();
  matching.equals = group_equals(board);
  std::erase_if(matching.equals,
                [](const Equals& equals) { return equals.weights.size() == 1 && equals.slots.size() == 1; });
  place_averages(matching, weights, slots, wishes.skipped);
  return matching;
}

}  // namespace thaw::internal
