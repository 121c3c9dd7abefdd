#include "match/proposals.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "match/canonical_name.h"
#include "names/conventions.h"
#include "names/nearest_names.h"
#include "names/regex.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kMostPairs = 250'000;
constexpr std::size_t kMostSteps = 400'000'000;  // of comparing their letters: about a second

struct Pair {
  std::size_t distance, weight, slot;
};

// A rule to paste must not put an offset where a variance is: folded numbers are no statistics.
bool can_be_meant(const Weight& weight, const Slot& slot) {
  if (weight.derived && hint_of(slot.name) == NameHint::statistic) return false;
  const Bytes from = role_of(weight.name), to = role_of(slot.name);
  return from.empty() || to.empty() || from == to;
}

std::vector<std::string> canonical_names(const std::vector<std::size_t>& chosen,
                                         const std::vector<Slot>& slots) {
  std::vector<std::string> names;
  for (const std::size_t slot : chosen) names.push_back(canonical_name(slots[slot].name));
  return names;
}

// The nearest first. None where there would be too many to compare.
std::vector<Pair> near_pairs(const Matching& matching, const std::vector<Weight>& weights,
                             const std::vector<Slot>& slots) {
  const Board board(weights, slots);
  std::vector<Pair> pairs;
  if (matching.weights.size() * matching.slots.size() > kMostPairs) return pairs;
  const std::vector<std::string> slot_names = canonical_names(matching.slots, slots);
  std::size_t steps = 0;
  for (const std::size_t weight : matching.weights) {
    const std::string name = canonical_name(weights[weight].name);
    for (std::size_t i = 0; i < slot_names.size(); ++i) {
      const std::size_t slot = matching.slots[i];
      if (!board.fits(weight, slot) || !can_be_meant(weights[weight], slots[slot])) continue;
      std::string_view from = name, to = slot_names[i];
      steps += std::min(from.size(), to.size());
      trim_alike(from, to);
      steps += from.size() * to.size();
      if (steps > kMostSteps) return {};
      pairs.push_back({edit_distance(from, to, SIZE_MAX), weight, slot});
    }
  }
  std::ranges::sort(pairs, {}, [](const Pair& p) { return std::tuple(p.distance, p.weight, p.slot); });
  return pairs;
}

std::string rename_text(const std::string& from, const std::string& to) {
  return "--rename '" + from + "=" + to + "'";
}

// The scopes in which the two names differ, when what is below is the same weight.
std::optional<std::pair<std::string, std::string>> differing_scopes(Bytes from, Bytes to) {
  if (canonical_name(last_component(from)) != canonical_name(last_component(to))) return std::nullopt;
  from = parent_scope(from);
  to = parent_scope(to);
  while (!parent_scope(from).empty() && !parent_scope(to).empty() &&
         last_component(from) == last_component(to)) {
    from = parent_scope(from);
    to = parent_scope(to);
  }
  if (from.empty() || to.empty() || from == to || has_metacharacters(from)) return std::nullopt;
  return std::pair(std::string(from), std::string(to));
}

// Whether `from=to` puts all weights below `from` where they are or are proposed to go.
bool holds_for_all(const std::string& from, const std::string& to, const std::vector<Weight>& weights,
                   const std::map<std::size_t, std::string>& wanted) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::optional<Bytes> inner = strip_prefix(weights[i].own_name, from);
    if (!inner) continue;
    const auto slot = wanted.find(i);
    if (slot == wanted.end() || canonical_name(add_scope(*inner, to)) != canonical_name(slot->second))
      return false;
  }
  return true;
}

}  // namespace

std::vector<Proposal> propose(const Matching& matching, const std::vector<Weight>& weights,
                              const std::vector<Slot>& slots) {
  std::vector<Proposal> proposals;
  std::vector<bool> weight_taken(weights.size()), slot_taken(slots.size());
  std::map<std::size_t, std::string> wanted;
  for (const Placement& placement : matching.placements)
    wanted.emplace(placement.weight, slots[placement.slot].name);
  for (const Pair& pair : near_pairs(matching, weights, slots)) {
    if (weight_taken[pair.weight] || slot_taken[pair.slot]) continue;
    weight_taken[pair.weight] = slot_taken[pair.slot] = true;
    proposals.push_back({pair.weight, pair.slot, ""});
    wanted[pair.weight] = slots[pair.slot].name;
  }
  for (Proposal& proposal : proposals) {
    const std::string& from = weights[proposal.weight].own_name;
    const std::string& to = slots[proposal.slot].name;
    const std::string& cell = weights[proposal.weight].layout.cell;
    if (!cell.empty()) {
      proposal.rule = rename_text(cell, std::string(parent_scope(to)));
      continue;
    }
    const auto scopes = differing_scopes(from, to);
    const bool general = scopes && holds_for_all(scopes->first, scopes->second, weights, wanted);
    if (from == to) continue;  // names that do not count
    proposal.rule = general ? rename_text(scopes->first, scopes->second) : rename_text(from, to);
  }
  return proposals;
}

}  // namespace thaw::internal
