#include "match/by_scope.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "names/scopes.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

struct ByText {
  bool operator()(const ScopeShift& a, const ScopeShift& b) const {
    return std::tie(a.strip, a.add) < std::tie(b.strip, b.add);
  }
};
using Votes = std::map<ScopeShift, std::set<std::size_t>, ByText>;  // weights that a shift explains
using ByScopedName = std::multimap<std::string, std::size_t, std::less<>>;

ByScopedName index_of(const std::vector<std::size_t>& open, const std::vector<std::string>& names) {
  ByScopedName index;
  for (const std::size_t i : open) index.emplace(names[i], i);
  return index;
}

// Calls `each(scope, slot)` for what lies under a name in `index` after scopes were taken off `name`.
template <typename Each>
void for_inner_names(const std::string& name, const ByScopedName& index, const Each& each) {
  for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    const auto [first, last] = index.equal_range(Bytes(name).substr(slash + 1));
    for (auto found = first; found != last; ++found) each(name.substr(0, slash), found->second);
  }
}

Votes count_votes(const Board& board, const StageNames& names) {
  Votes votes;
  const std::vector<std::size_t> weights = board.open_weights(), slots = board.open_slots();
  const ByScopedName by_weight = index_of(weights, names.weights), by_slot = index_of(slots, names.slots);
  for (const std::size_t slot : slots) {
    for_inner_names(names.slots[slot], by_weight, [&](const std::string& scope, std::size_t weight) {
      if (board.fits(weight, slot)) votes[{"", scope}].insert(weight);
    });
  }
  for (const std::size_t weight : weights) {
    for_inner_names(names.weights[weight], by_slot, [&](const std::string& scope, std::size_t slot) {
      if (board.fits(weight, slot)) votes[{scope, ""}].insert(weight);
    });
  }
  return votes;
}

std::string common_scope(const std::vector<std::size_t>& open, const std::vector<std::string>& names) {
  if (open.empty()) return "";
  std::string scope(parent_scope(names[open.front()]));
  for (const std::size_t i : open) {
    while (!scope.empty() && !is_below(names[i], scope)) scope = std::string(parent_scope(scope));
  }
  return scope;
}

// One scope for another, only where that explains every weight that is left.
void vote_for_exchange(const Board& board, const StageNames& names, Votes& votes) {
  const std::vector<std::size_t> weights = board.open_weights(), slots = board.open_slots();
  const ByScopedName by_slot = index_of(slots, names.slots);
  const std::string outer = common_scope(slots, names.slots);
  for (std::string strip = common_scope(weights, names.weights); !strip.empty();
       strip = std::string(parent_scope(strip))) {
    for (std::string add = outer; !add.empty(); add = std::string(parent_scope(add))) {
      if (last_component(strip) == last_component(add)) continue;  // the scopes around them say the same
      const ScopeShift shift{strip, add};
      const bool all = std::ranges::all_of(weights, [&](std::size_t weight) {
        const auto found = by_slot.find(shift.shifted(names.weights[weight]).value_or(""));
        return found != by_slot.end() && board.fits(weight, found->second);
      });
      if (all) votes[shift].insert(weights.begin(), weights.end());
    }
  }
}

bool overlap(const std::set<std::size_t>& a, const std::set<std::size_t>& b) {
  return std::ranges::any_of(a, [&](std::size_t i) { return b.contains(i); });
}

// The best vote and those that are as good for some of the same weights.
std::vector<ScopeShift> best_of(const Votes& votes) {
  const auto best = std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second.size(); });
  std::vector<ScopeShift> equal{best->first};
  for (const auto& [shift, explained] : votes) {
    if (shift == best->first || explained.size() < best->second.size()) continue;
    if (overlap(explained, best->second)) equal.push_back(shift);
  }
  return equal;
}

}  // namespace

std::string ScopeShift::text() const {
  if (strip.empty()) return "scope " + thaw::quoted(add) + " added";
  if (add.empty()) return "scope " + thaw::quoted(strip) + " taken off";
  return "scope " + thaw::quoted(add) + " for " + thaw::quoted(strip);
}

std::optional<std::string> ScopeShift::shifted(const std::string& name) const {
  if (strip.empty()) return add_scope(name, add);
  const std::optional<Bytes> inner = strip_prefix(name, strip);
  return inner ? std::optional(add_scope(*inner, add)) : std::nullopt;
}

std::vector<ScopeShift> match_scopes(Board& board, const StageNames& names) {
  while (true) {
    Votes votes = count_votes(board, names);
    if (votes.empty()) vote_for_exchange(board, names, votes);
    if (votes.empty()) return {};
    const std::vector<ScopeShift> best = best_of(votes);
    if (best.size() > 1) return best;
    StageNames shifted = names;
    for (std::string& name : shifted.weights) name = best.front().shifted(name).value_or("");
    const std::size_t before = board.placements().size();
    match_names(board, shifted, MatchStage::scope, best.front().text());
    if (board.placements().size() == before) return {};
  }
}

}  // namespace thaw::internal
