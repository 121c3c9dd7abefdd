#include "names/nearest_names.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>

namespace thaw::internal {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Candidate {
  std::size_t distance;
  Bytes name;
};

// Likelier first; among equals the shorter, then the alphabet, so that two runs say the same.
bool likelier(const Candidate& a, const Candidate& b) {
  if (a.distance != b.distance) return a.distance < b.distance;
  if (a.name.size() != b.name.size()) return a.name.size() < b.name.size();
  return a.name < b.name;
}

class Ranking {
 public:
  Ranking(std::string_view word, std::size_t count) : word_(word), count_(count) {}

  void offer(Bytes name) {
    const std::size_t limit = best_.size() < count_ ? SIZE_MAX : best_.back().distance;
    const bool ends_with_word =
        name.size() > word_.size() && name.ends_with(word_) && name[name.size() - word_.size() - 1] == '/';
    // Before anything that looks at all of a name: one of 60 kB may have 30,000 scopes.
    if (!ends_with_word && name.size() > word_.size() && name.size() - word_.size() > limit) return;
    if (name.empty() || !seen_.insert(name).second) return;
    const Candidate candidate{ends_with_word ? 1 : edit_distance(word_, name, limit), name};
    if (candidate.distance > limit) return;
    best_.insert(std::ranges::upper_bound(best_, candidate, likelier), candidate);
    if (best_.size() > count_) best_.pop_back();
  }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const Candidate& candidate : best_) result.emplace_back(candidate.name);
    return result;
  }

 private:
  std::string_view word_;
  std::size_t count_;
  std::vector<Candidate> best_;
  std::unordered_set<Bytes> seen_;
};

}  // namespace

void trim_alike(std::string_view& a, std::string_view& b) {
  const auto alike = [](char one, char other) { return lower(one) == lower(other); };
  const auto front = static_cast<std::size_t>(std::ranges::mismatch(a, b, alike).in1 - a.begin());
  a.remove_prefix(front);
  b.remove_prefix(front);
  const auto back = static_cast<std::size_t>(
      std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend(), alike).first - a.rbegin());
  a.remove_suffix(back);
  b.remove_suffix(back);
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  trim_alike(a, b);
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > limit) return b.size() - a.size();
  std::vector<std::size_t> row(a.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t j = 1; j <= b.size(); ++j) {
    std::size_t diagonal = row[0];
    row[0] = j;
    std::size_t smallest = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const std::size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[i];
      row[i] = std::min({replaced, row[i] + 1, row[i - 1] + 1});
      smallest = std::min(smallest, row[i]);
    }
    if (smallest > limit) return smallest;
  }
  return row.back();
}

std::vector<std::string> nearest_names(std::string_view word, std::span<const Bytes> names,
                                       std::size_t count) {
  if (count == 0) return {};
  Ranking ranking(word, count);
  for (const Bytes name : names) {
    ranking.offer(name);
    for (std::size_t slash = name.find('/'); slash != Bytes::npos; slash = name.find('/', slash + 1)) {
      ranking.offer(name.substr(0, slash));
    }
  }
  return ranking.names();
}

}  // namespace thaw::internal
