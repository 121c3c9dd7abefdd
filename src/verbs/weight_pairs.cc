#include "verbs/weight_pairs.h"

#include <map>
#include <tuple>
#include <unordered_map>

#include "compare/compare_values.h"
#include "io/crc32c.h"

namespace thaw::internal {

namespace {

class WeightPairer {
 public:
  WeightPairer(const WeightList& a, const WeightList& b, NameRules* rename) : a_(a), b_(b), rename_(rename) {
    pairs_.of_a.assign(a.weights.size(), kNoPartner);
    pairs_.of_b.assign(b.weights.size(), kNoPartner);
  }

  WeightPairs run() {
    by_id();
    by_name();
    return std::move(pairs_);
  }

 private:
  void by_id() {
    std::unordered_map<std::string, std::size_t> ids;
    for (std::size_t i = 0; i < b_.weights.size(); ++i) ids.emplace(b_.weights[i].id, i);
    for (std::size_t i = 0; i < a_.weights.size(); ++i) {
      const auto found = ids.find(renamed(rename_, a_.weights[i].id));
      if (found != ids.end()) pair(i, found->second);
    }
  }

  void by_name() {
    std::unordered_map<std::string, std::size_t> names;
    for (std::size_t i = 0; i < b_.weights.size(); ++i) {
      if (pairs_.of_b[i] != kNoPartner) continue;
      for (const std::string& name : b_.weights[i].names) names.emplace(name, i);
    }
    for (std::size_t i = 0; i < a_.weights.size(); ++i) {
      for (const std::string& name : a_.weights[i].names) {
        const auto found = names.find(renamed(rename_, name));
        if (found != names.end()) pair(i, found->second);
      }
    }
  }

  void pair(std::size_t i, std::size_t other) {
    if (pairs_.of_a[i] != kNoPartner || pairs_.of_b[other] != kNoPartner) return;
    pairs_.of_a[i] = other;
    pairs_.of_b[other] = i;
  }

  const WeightList& a_;
  const WeightList& b_;
  NameRules* rename_;
  WeightPairs pairs_;
};

// What weights of equal bits have in common: type, shape, checksum.
using Likeness = std::tuple<DType, std::vector<std::int64_t>, std::uint32_t>;

std::optional<Likeness> likeness_of(const ListedWeight& weight) {
  const bool readable = weight.read && element_size(weight.dtype) != 0 && weight.shape.fully_defined();
  if (!readable || weight.shape.element_count().value_or(0) == 0) return std::nullopt;
  std::uint32_t sum = 0;
  weight.read().pour([&](Bytes bytes) { sum = crc32c_extend(sum, bytes); });
  return Likeness{weight.dtype, weight.shape.dims(), sum};
}

}  // namespace

std::string renamed(NameRules* rules, const std::string& name) {
  return rules == nullptr ? name : rules->apply(name).value_or(name);
}

WeightPairs pair_weights(const WeightList& a, const WeightList& b, NameRules* rename) {
  return WeightPairer(a, b, rename).run();
}

std::vector<std::pair<std::size_t, std::size_t>> same_bits_elsewhere(const WeightList& a, const WeightList& b,
                                                                     const std::vector<std::size_t>& only_a,
                                                                     const std::vector<std::size_t>& only_b) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  if (only_a.empty() || only_b.empty()) return found;
  std::map<Likeness, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> alike;
  for (const std::size_t i : only_a) {
    if (const auto likeness = likeness_of(a.weights[i])) alike[*likeness].first.push_back(i);
  }
  for (const std::size_t i : only_b) {
    if (const auto likeness = likeness_of(b.weights[i])) alike[*likeness].second.push_back(i);
  }
  for (const auto& [likeness, sides] : alike) {
    if (sides.first.size() != 1 || sides.second.size() != 1) continue;
    const std::size_t one = sides.first.front(), other = sides.second.front();
    if (same_value(a.weights[one].read(), b.weights[other].read())) found.emplace_back(one, other);
  }
  return found;
}

}  // namespace thaw::internal
