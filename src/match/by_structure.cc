#include "match/by_structure.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "match/canonical_name.h"
#include "match/series.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

// Of the layers that have a matched weight: the layer on the other side. Empty when there are two.
std::map<std::string, std::string> known_layers(const Board& board) {
  std::map<std::string, std::string> layers;
  for (const Placement& placement : board.placements()) {
    const std::string from = layer_of(board.weight(placement.weight).name);
    const std::string to = layer_of(board.slot(placement.slot).name);
    const auto [known, is_new] = layers.emplace(from, to);
    if (!is_new && known->second != to) known->second.clear();
  }
  layers.erase("");
  return layers;
}

std::string role_in(const std::string& layer, Bytes name) {
  return layer.empty() || role_of(name).empty() ? "" : layer + "\n" + std::string(role_of(name));
}

bool roles_differ(Bytes a, Bytes b) {
  return !role_of(a).empty() && !role_of(b).empty() && role_of(a) != role_of(b);
}

// Whether two pairs of one series on either side would cross.
bool crosses(const Board& board, std::size_t weight, std::size_t slot, const Placement& other) {
  const SeriesPlace from = series_place(board.weight(weight).name);
  const SeriesPlace to = series_place(board.slot(slot).name);
  const SeriesPlace other_from = series_place(board.weight(other.weight).name);
  const SeriesPlace other_to = series_place(board.slot(other.slot).name);
  if (from.pattern != other_from.pattern || to.pattern != other_to.pattern) return false;
  return (from.numbers < other_from.numbers) != (to.numbers < other_to.numbers);
}

bool is_plausible(const Board& board, std::size_t weight, std::size_t slot,
                  const std::map<std::string, std::string>& layers) {
  const std::string& from = board.weight(weight).name;
  const std::string& to = board.slot(slot).name;
  if (roles_differ(from, to)) return false;
  const auto known = layers.find(layer_of(from));
  if (known != layers.end() && known->second != layer_of(to)) return false;
  return std::ranges::none_of(board.placements(), [&](const Placement& placement) {
    return crosses(board, weight, slot, placement);
  });
}

}  // namespace

bool match_siblings(Board& board) {
  const std::map<std::string, std::string> layers = known_layers(board);
  StageNames names;
  for (const std::size_t i : board.open_weights()) {
    names.weights.resize(i + 1);
    const auto layer = layers.find(layer_of(board.weight(i).name));
    names.weights[i] = layer == layers.end() ? "" : role_in(layer->second, board.weight(i).name);
  }
  for (const std::size_t i : board.open_slots()) {
    names.slots.resize(i + 1);
    names.slots[i] = role_in(layer_of(board.slot(i).name), board.slot(i).name);
  }
  const std::size_t before = board.placements().size();
  match_names(board, names, MatchStage::sibling, "of a layer that is known");
  return board.placements().size() > before;
}

namespace {

// Where every name tells a role, equals of different roles are no equals.
std::vector<Equals> split_by_role(const Board& board, Equals equals) {
  std::map<Bytes, Equals> roles;
  for (const std::size_t i : equals.weights) roles[role_of(board.weight(i).name)].weights.push_back(i);
  for (const std::size_t i : equals.slots) roles[role_of(board.slot(i).name)].slots.push_back(i);
  if (roles.contains("")) return {std::move(equals)};
  std::vector<Equals> split;
  for (auto& [role, members] : roles) split.push_back(std::move(members));
  return split;
}

// Cells of two layouts are no equals.
void drop_misfits(const Board& board, Equals& equals) {
  const Equals all = equals;
  std::erase_if(equals.weights, [&](std::size_t weight) {
    return std::ranges::none_of(all.slots, [&](std::size_t slot) { return board.fits(weight, slot); });
  });
  std::erase_if(equals.slots, [&](std::size_t slot) {
    return std::ranges::none_of(all.weights, [&](std::size_t weight) { return board.fits(weight, slot); });
  });
}

}  // namespace

std::vector<Equals> group_equals(const Board& board) {
  using Kind = std::tuple<DType, std::vector<std::int64_t>>;
  std::map<Kind, Equals> kinds;
  for (const std::size_t i : board.open_weights())
    kinds[{board.weight(i).dtype, board.weight(i).shape.dims()}].weights.push_back(i);
  for (const std::size_t i : board.open_slots()) {
    const Shape& shape = board.slot(i).shape;
    if (shape.fully_defined()) kinds[{board.slot(i).dtype, shape.dims()}].slots.push_back(i);
  }
  std::vector<Equals> groups;
  for (auto& [kind, equals] : kinds) {
    if (equals.weights.empty() || equals.slots.empty()) continue;
    for (Equals& part : split_by_role(board, std::move(equals))) {
      drop_misfits(board, part);
      if (!part.weights.empty() && !part.slots.empty()) groups.push_back(std::move(part));
    }
  }
  return groups;
}

bool match_shapes(Board& board) {
  const std::map<std::string, std::string> layers = known_layers(board);
  std::vector<Placement> candidates;
  for (const Equals& equals : group_equals(board)) {
    if (equals.weights.size() != 1 || equals.slots.size() != 1) continue;
    const std::size_t weight = equals.weights.front(), slot = equals.slots.front();
    const Shape& shape = board.weight(weight).shape;
    if (shape.element_count().value_or(0) < 2 || !is_plausible(board, weight, slot, layers)) continue;
    candidates.push_back({weight, slot, MatchStage::structure, "the only " + shape.to_string() + " left"});
  }
  std::vector<Placement> agreeing;
  std::ranges::copy_if(candidates, std::back_inserter(agreeing), [&](const Placement& candidate) {
    return std::ranges::none_of(candidates, [&](const Placement& other) {
      return other.weight != candidate.weight && crosses(board, candidate.weight, candidate.slot, other);
    });
  });
  for (Placement& candidate : agreeing)
    board.place(candidate.weight, candidate.slot, candidate.stage, std::move(candidate.why));
  return !agreeing.empty();
}

void match_order(Board& board) {
  for (const Equals& equals : group_equals(board)) {
    if (equals.weights.size() != equals.slots.size()) continue;
    for (std::size_t i = 0; i < equals.weights.size(); ++i) {
      if (board.fits(equals.weights[i], equals.slots[i]))
        board.place(equals.weights[i], equals.slots[i], MatchStage::order, "by order, as was asked");
    }
  }
}

}  // namespace thaw::internal
