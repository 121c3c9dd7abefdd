#include "verbs/compare_weights.h"

#include <algorithm>
#include <set>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Unknown dimensions fit any.
bool fits(const Shape& a, const Shape& b) {
  if (a.unknown_rank() || b.unknown_rank()) return true;
  return std::ranges::equal(a.dims(), b.dims(), [](std::int64_t one, std::int64_t other) {
    return one == other || one < 0 || other < 0;
  });
}

class WeightComparison {
 public:
  WeightComparison(const WeightList& a, const WeightList& b, const WeightPairs& pairs,
                   const WeightWishesOfDiff& wishes, DiffReport& report)
      : a_(a), b_(b), pairs_(pairs), wishes_(wishes), report_(report) {}

  void run() {
    for (std::size_t i = 0; i < a_.weights.size(); ++i) all_ += has_values(i) ? bytes_of(a_.weights[i]) : 0;
    for (std::size_t i = 0; i < a_.weights.size(); ++i) {
      if (pairs_.of_a[i] != kNoPartner && is_wanted(i, pairs_.of_a[i])) compare(i, pairs_.of_a[i]);
    }
    list_rest();
    std::ranges::stable_sort(report_.weights, [](const WeightDifference& one, const WeightDifference& other) {
      return std::tie(one.change, one.name) < std::tie(other.change, other.name);
    });
  }

 private:
  static std::uint64_t bytes_of(const ListedWeight& weight) {
    return static_cast<std::uint64_t>(weight.shape.element_count().value_or(0)) * element_size(weight.dtype);
  }

  bool has_values(std::size_t i) const {
    const std::size_t other = pairs_.of_a[i];
    return other != kNoPartner && a_.weights[i].read && b_.weights[other].read;
  }

  bool is_wanted(const ListedWeight& weight) const {
    return !wishes_.wanted || wishes_.wanted(weight.id) || std::ranges::any_of(weight.names, wishes_.wanted);
  }
  bool is_wanted(std::size_t i, std::size_t other) const {
    return is_wanted(a_.weights[i]) || is_wanted(b_.weights[other]);
  }

  WeightDifference difference(WeightChange change, const ListedWeight& was, const ListedWeight& is) const {
    WeightDifference found;
    found.change = change;
    found.name = was.names.front();
    if (is.names.front() != found.name) found.other_name = is.names.front();
    found.state = was.state;
    found.dtype_a = was.dtype;
    found.dtype_b = is.dtype;
    found.shape_a = was.shape;
    found.shape_b = is.shape;
    return found;
  }

  void compare(std::size_t i, std::size_t other) {
    const ListedWeight& was = a_.weights[i];
    const ListedWeight& is = b_.weights[other];
    try {
      if (!fits(was.shape, is.shape)) {
        report_.weights.push_back(difference(WeightChange::shape, was, is));
      } else if (was.dtype != is.dtype) {
        report_.weights.push_back(difference(WeightChange::dtype, was, is));
      } else if (!was.read || !is.read) {
        add_unknown(was, is);
      } else {
        compare_values(was, is);
      }
    } catch (Error& error) {
      throw error.at("weight " + thaw::quoted(was.names.front()));
    }
  }

  void add_unknown(const ListedWeight& was, const ListedWeight& is) {
    report_.weights.push_back(difference(WeightChange::unknown, was, is));
    report_.weights.back().expected = true;
  }

  void compare_values(const ListedWeight& was, const ListedWeight& is) {
    std::optional<Value> left, right;
    try {
      left = was.read();
      right = is.read();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unsupported) throw;  // variants and resources
      return add_unknown(was, is);
    }
    if (left->dtype() != right->dtype() || left->shape() != right->shape())
      return report_.weights.push_back(difference(WeightChange::shape, was, is));
    ElementWishes wishes = wishes_.elements;
    if (wishes_.progress)
      wishes.watch.bytes = [this](std::uint64_t bytes) { wishes_.progress(done_ += bytes, all_); };
    const ValueDelta delta = compare_elements(*left, *right, wishes);
    if (is_same(delta)) {
      ++report_.weights_equal;
      report_.weights_within += delta.within > 0 ? 1 : 0;
    } else {
      report_.weights.push_back(difference(WeightChange::values, was, is));
      report_.weights.back().delta = delta;
    }
  }

  std::vector<std::size_t> without_partner(const WeightList& list, const std::vector<std::size_t>& partners,
                                           const WeightList& others) const {
    // Another key of a variable that has a partner is no weight of its own, to who has no keys.
    std::set<std::string> paired;
    for (std::size_t i = 0; i < partners.size(); ++i) {
      if (partners[i] != kNoPartner) paired.insert(list.weights[i].names.front());
    }
    const bool keys_count = others.source == WeightSource::stored;
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < partners.size(); ++i) {
      const ListedWeight& weight = list.weights[i];
      const bool twin = !keys_count && paired.contains(weight.names.front());
      if (partners[i] == kNoPartner && !twin && is_wanted(weight)) rest.push_back(i);
    }
    return rest;
  }

  // Where freezing left a constant no name of a variable, its name was worked out from the graph.
  static bool is_guess(const WeightList& list, std::size_t i) {
    return list.source == WeightSource::constants && list.weights[i].names.front() != list.weights[i].id;
  }

  void list_rest() {
    std::vector<std::size_t> only_a = without_partner(a_, pairs_.of_a, b_);
    std::vector<std::size_t> only_b = without_partner(b_, pairs_.of_b, a_);
    for (const auto& [one, other] : same_bits_elsewhere(a_, b_, only_a, only_b)) {
      report_.weights.push_back(difference(WeightChange::renamed, a_.weights[one], b_.weights[other]));
      report_.weights.back().expected = is_guess(a_, one) != is_guess(b_, other);
      std::erase(only_a, one);
      std::erase(only_b, other);
    }
    for (const std::size_t i : only_a) list(WeightChange::only_a, a_.weights[i], b_);
    for (const std::size_t i : only_b) list(WeightChange::only_b, b_.weights[i], a_);
  }

  void list(WeightChange change, const ListedWeight& weight, const WeightList& others) {
    WeightDifference found = difference(change, weight, weight);
    const bool in_a = change == WeightChange::only_a;
    (in_a ? found.dtype_b : found.dtype_a) = DType::invalid;
    (in_a ? found.shape_b : found.shape_a) = Shape();
    found.expected = !weight.state.empty() && others.source == WeightSource::constants;
    report_.weights.push_back(std::move(found));
  }

  const WeightList& a_;
  const WeightList& b_;
  const WeightPairs& pairs_;
  const WeightWishesOfDiff& wishes_;
  DiffReport& report_;
  std::uint64_t done_ = 0, all_ = 0;
};

}  // namespace

void compare_weights(const WeightList& a, const WeightList& b, const WeightPairs& pairs,
                     const WeightWishesOfDiff& wishes, DiffReport& report) {
  report.weights_compared = true;
  WeightComparison(a, b, pairs, wishes, report).run();
}

}  // namespace thaw::internal
