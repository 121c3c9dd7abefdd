#include "match/by_name.h"

#include <algorithm>
#include <map>
#include <set>

#include "match/series.h"

namespace thaw::internal {

namespace {

struct Sides {
  std::vector<std::size_t> weights, slots;
};
using ByName = std::map<std::string, Sides>;

ByName group(const Board& board, const StageNames& names) {
  ByName groups;
  for (const std::size_t i : board.open_weights()) {
    if (!names.weights[i].empty()) groups[names.weights[i]].weights.push_back(i);
  }
  for (const std::size_t i : board.open_slots()) {
    if (!names.slots[i].empty()) groups[names.slots[i]].slots.push_back(i);
  }
  return groups;
}

// Patterns of names whose numbers are not the same on both sides, although both have equally many; or, where
// numbers only count, do not begin with the same.
std::set<std::string> shifted_series(const ByName& groups, bool counted) {
  struct Numbers {
    std::set<std::vector<int>> weights, slots;
  };
  std::map<std::string, Numbers> series;
  for (const auto& [name, sides] : groups) {
    SeriesPlace place = series_place(name);
    Numbers& numbers = series[place.pattern];
    if (!sides.weights.empty()) numbers.weights.insert(place.numbers);
    if (!sides.slots.empty()) numbers.slots.insert(place.numbers);
  }
  std::set<std::string> shifted;
  for (const auto& [pattern, numbers] : series) {
    if (numbers.weights.empty() || numbers.slots.empty()) continue;
    const bool pairs = numbers.weights.size() == numbers.slots.size() && numbers.weights.size() > 1;
    const bool later = counted && *numbers.weights.begin() != *numbers.slots.begin();
    if ((pairs && numbers.weights != numbers.slots) || later) shifted.insert(pattern);
  }
  return shifted;
}

// Patterns of weights whose numbers are not in the order of the graph.
std::set<std::string> shuffled_series(const Board& board, const StageNames& names) {
  std::map<std::string, std::map<std::vector<int>, std::size_t>> series;
  if (!names.ordinal) return {};
  for (const std::size_t i : board.open_weights()) {
    SeriesPlace place = series_place(names.weights[i]);
    if (!board.weight(i).renamed) series[place.pattern].emplace(std::move(place.numbers), i);
  }
  std::set<std::string> shuffled;
  for (const auto& [pattern, places] : series) {
    const bool in_order = std::ranges::is_sorted(places, {}, [](const auto& place) { return place.second; });
    if (!in_order) shuffled.insert(pattern);
  }
  return shuffled;
}

// `ordinary`: in series that differ nothing is done.
void match_equal(Board& board, const StageNames& names, MatchStage stage, const std::string& why,
                 bool ordinary) {
  const ByName groups = group(board, names);
  std::set<std::string> shifted = ordinary ? shifted_series(groups, names.counted) : std::set<std::string>();
  shifted.merge(shuffled_series(board, names));
  for (const auto& [name, sides] : groups) {
    if (sides.weights.size() != 1 || sides.slots.size() != 1) continue;
    const std::size_t weight = sides.weights.front(), slot = sides.slots.front();
    const bool told = names.counted && board.weight(weight).renamed;
    if (!told && !shifted.empty() && shifted.contains(series_place(name).pattern)) continue;
    if (board.fits(weight, slot)) {
      board.place(weight, slot, board.weight(weight).renamed ? MatchStage::rule : stage, why);
    } else {
      board.clash(weight, slot);
    }
  }
}

using Series = std::map<std::string, ByName>;  // by pattern, then by ranked name

void add_ranked(const std::vector<std::size_t>& open, const std::vector<std::string>& names,
                std::vector<std::size_t> Sides::* side, Series& series) {
  std::vector<std::size_t> named;
  std::vector<std::string> raw;
  for (const std::size_t i : open) {
    if (names[i].empty()) continue;
    named.push_back(i);
    raw.push_back(names[i]);
  }
  const std::vector<std::string> ranked = ranked_names(raw);
  for (std::size_t i = 0; i < named.size(); ++i)
    (series[series_place(ranked[i]).pattern][ranked[i]].*side).push_back(named[i]);
}

void match_series(Board& board, const StageNames& names, const std::string& why) {
  Series series;
  add_ranked(board.open_weights(), names.weights, &Sides::weights, series);
  add_ranked(board.open_slots(), names.slots, &Sides::slots, series);
  const std::set<std::string> shuffled = shuffled_series(board, names);
  for (const auto& [pattern, places] : series) {
    if (shuffled.contains(pattern)) continue;
    const bool whole = std::ranges::all_of(places, [&](const auto& place) {
      const Sides& sides = place.second;
      return sides.weights.size() == 1 && sides.slots.size() == 1 &&
             board.fits(sides.weights.front(), sides.slots.front());
    });
    if (!whole) continue;
    for (const auto& [name, sides] : places)
      board.place(sides.weights.front(), sides.slots.front(), MatchStage::numbers,
                  why.empty() ? "same place in the series" : why + ", same place in the series");
  }
}

}  // namespace

void match_names(Board& board, const StageNames& names, MatchStage stage, const std::string& why) {
  match_equal(board, names, stage, why, true);
  match_series(board, names, why);
  match_equal(board, names, stage, why, names.counted);
}

}  // namespace thaw::internal
