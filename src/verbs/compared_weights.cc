#include "verbs/compared_weights.h"

#include <algorithm>

namespace thaw::internal {

namespace {

// What one side has for a weight and the finder of weights took for something else: because other things
// about the graphs differ, or because freezing keeps more than weights.
std::vector<ListedWeight> missed_constants(const ComparedSide& side, const WeightList& list,
                                           const WeightList& others, const std::vector<std::size_t>& partners,
                                           NameRules* rename) {
  std::vector<ListedWeight> missed;
  const bool frozen = list.source == WeightSource::constants || list.source == WeightSource::none;
  if (side.model == nullptr || !frozen) return missed;
  for (std::size_t i = 0; i < partners.size(); ++i) {
    if (partners[i] != kNoPartner) continue;
    std::vector<std::string> names{others.weights[i].id, others.weights[i].node};
    std::ranges::copy(others.weights[i].names, std::back_inserter(names));
    for (const std::string& name : names) {
      auto constant = listed_constant(side.model->graph, renamed(rename, name));
      if (!constant) continue;
      missed.push_back(*std::move(constant));
      break;
    }
  }
  return missed;
}

bool add(std::vector<ListedWeight> missed, WeightList& list) {
  if (missed.empty()) return false;
  list.source = WeightSource::constants;
  std::ranges::move(missed, std::back_inserter(list.weights));
  return true;
}

}  // namespace

ComparedWeights list_both(const ComparedSide& a, const ComparedSide& b, NameRules* rename) {
  ComparedWeights both{list_weights(a), list_weights(b), {}};
  both.pairs = pair_weights(both.a, both.b, rename);
  std::vector<ListedWeight> to_b = missed_constants(b, both.b, both.a, both.pairs.of_a, rename);
  // Rules go one way: what A's name was cannot be told from B's.
  std::vector<ListedWeight> to_a;
  if (rename == nullptr) to_a = missed_constants(a, both.a, both.b, both.pairs.of_b, nullptr);
  const bool added_b = add(std::move(to_b), both.b), added_a = add(std::move(to_a), both.a);
  if (added_a || added_b) both.pairs = pair_weights(both.a, both.b, rename);
  return both;
}

}  // namespace thaw::internal
