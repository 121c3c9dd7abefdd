#include "match/series.h"

#include <algorithm>
#include <map>

#include "names/read_path.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kMostComponents = 100;  // of a name that is in a series

}  // namespace

SeriesPlace series_place(Bytes name) {
  SeriesPlace place;
  for (const Bytes component : components_of(name)) {
    Bytes base = component;
    const std::optional<int> number = trailing_number(component, &base);
    place.numbers.push_back(number.value_or(0));
    place.pattern += (place.pattern.empty() ? "" : "/") + std::string(number ? base : component);
  }
  return place;
}

std::vector<std::string> ranked_names(const std::vector<std::string>& names) {
  std::map<std::string, std::vector<int>> seen;  // by the ranked path before, and the component's base
  std::vector<std::string> ranked(names.size());
  std::vector<std::vector<Bytes>> paths;
  std::size_t deepest = 0;
  for (const std::string& name : names) {
    paths.push_back(components_of(name));
    if (paths.back().size() > kMostComponents) {  // each costs a copy of what is before it
      ranked[paths.size() - 1] = name;
      paths.back().clear();
    }
    deepest = std::max(deepest, paths.back().size());
  }
  for (std::size_t depth = 0; depth < deepest; ++depth) {
    seen.clear();
    std::vector<std::pair<std::string, int>> places(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (depth >= paths[i].size()) continue;
      Bytes base = paths[i][depth];
      const int number = trailing_number(paths[i][depth], &base).value_or(0);
      places[i] = {ranked[i] + (depth == 0 ? "" : "/") + std::string(base), number};
      seen[places[i].first].push_back(number);
    }
    for (auto& [base, numbers] : seen) {
      std::ranges::sort(numbers);
      numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (depth >= paths[i].size()) continue;
      const std::vector<int>& numbers = seen[places[i].first];
      const auto rank = std::ranges::lower_bound(numbers, places[i].second) - numbers.begin();
      ranked[i] = places[i].first + (rank == 0 ? "" : "_" + std::to_string(rank));
    }
  }
  return ranked;
}

}  // namespace thaw::internal
