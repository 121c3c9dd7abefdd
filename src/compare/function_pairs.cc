#include "compare/function_pairs.h"

#include <algorithm>
#include <map>
#include <string>

#include "compare/function_content.h"

namespace thaw::internal {

namespace {

// "__inference_f_12_frozen_3" as "__inference_f": without what TensorFlow adds to make names unique.
std::string stem(Bytes name) {
  for (;;) {
    Bytes before = name;
    while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.remove_suffix(1);
    if (name.size() < before.size() && name.ends_with('_')) {
      name.remove_suffix(1);
    } else {
      name = before;
    }
    for (const Bytes word : {"_frozen", "_rewritten", "_const", "_grad"}) {
      if (name.ends_with(word)) name.remove_suffix(word.size());
    }
    if (name.size() == before.size()) return std::string(name);
  }
}

class FunctionPairer {
 public:
  FunctionPairer(const Library& a, const Library& b, NameChanges& names)
      : a_(a), b_(b), names_(names), of_a_(a.functions().size(), kNoFunction), taken_(b.functions().size()) {}

  std::vector<FunctionPair> run() {
    for (std::size_t i = 0; i < of_a_.size(); ++i) {
      const std::size_t other = b_.find(a_.functions()[i].name);
      if (other != kNoFunction && a_.find(a_.functions()[i].name) == i) pair(i, other);
    }
    if (has_free()) by_content();
    if (has_free()) by_stem();
    std::vector<FunctionPair> pairs;
    for (std::size_t i = 0; i < of_a_.size(); ++i) {
      if (of_a_[i] != kNoFunction) pairs.push_back({i, of_a_[i]});
    }
    return pairs;
  }

 private:
  template <typename Key>
  struct Sides {
    std::map<Key, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> groups;
  };

  bool has_free() const {
    return std::ranges::count(of_a_, kNoFunction) > 0 && std::ranges::count(taken_, false) > 0;
  }

  void pair(std::size_t i, std::size_t other) {
    of_a_[i] = other;
    taken_[other] = true;
    const std::string& was = a_.functions()[i].name;
    const std::string& is = b_.functions()[other].name;
    if (was != is) names_.functions.emplace(was, is);
  }

  // Free functions of either side by their key.
  template <typename Key, typename OfA, typename OfB>
  Sides<Key> grouped(const OfA& of_a, const OfB& of_b) const {
    Sides<Key> sides;
    for (std::size_t i = 0; i < of_a_.size(); ++i) {
      if (of_a_[i] == kNoFunction) sides.groups[of_a(i)].first.push_back(i);
    }
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      if (!taken_[i]) sides.groups[of_b(i)].second.push_back(i);
    }
    return sides;
  }

  // Of several that are equal in all, which is which does not matter.
  void by_content() {
    const std::vector<std::uint64_t> in_a = function_contents(a_, b_), in_b = function_contents(b_, a_);
    const auto sides = grouped<std::uint64_t>([&](std::size_t i) { return in_a[i]; },
                                              [&](std::size_t i) { return in_b[i]; });
    for (const auto& [content, group] : sides.groups) {
      for (std::size_t i = 0; i < std::min(group.first.size(), group.second.size()); ++i)
        pair(group.first[i], group.second[i]);
    }
  }

  // Another content, too: then the only ones that are named alike.
  void by_stem() {
    const auto sides = grouped<std::string>([&](std::size_t i) { return stem(a_.functions()[i].name); },
                                            [&](std::size_t i) { return stem(b_.functions()[i].name); });
    for (const auto& [name, group] : sides.groups) {
      if (group.first.size() == 1 && group.second.size() == 1) pair(group.first[0], group.second[0]);
    }
  }

  const Library& a_;
  const Library& b_;
  NameChanges& names_;
  std::vector<std::size_t> of_a_;  // B's function of each of A's
  std::vector<bool> taken_;        // of B
};

}  // namespace

std::vector<FunctionPair> pair_functions(const Library& a, const Library& b, NameChanges& names) {
  return FunctionPairer(a, b, names).run();
}

}  // namespace thaw::internal
