#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "compare/compare_graphs.h"
#include "compare/frozen_nodes.h"
#include "io/blame.h"
#include "model/library.h"
#include "names/pattern.h"
#include "thaw/diff.h"
#include "thaw/error.h"
#include "verbs/compare_weights.h"
#include "verbs/compared_weights.h"
#include "verbs/frozen_again.h"
#include "verbs/frozen_pair.h"

namespace thaw {

using namespace internal;

namespace {

class Diff {
 public:
  Diff(const std::filesystem::path& a, const std::filesystem::path& b, const DiffOptions& options,
       const Destination& files)
      : options_(options), match_("--match", options.match) {
    for (const std::string& rule : options.rename) rename_.add(rule, "--rename");
    for (const RulesText& rules : options.rules) rename_.add_file(rules.text, rules.name);
    open_side(files, a, options.tag_set, a_);
    open_side(files, b, options.tag_set, b_);
    check_part();
  }

  DiffReport run() {
    if (options_.part != DiffPart::graph) list_all_weights();
    report_.a = a_.told;
    report_.b = b_.told;
    check_names();
    compare_lists();
    if (options_.part != DiffPart::weights && a_.model != nullptr && b_.model != nullptr) compare_models();
    for (const ComparedSide* side : {&a_, &b_}) warn_of(*side);
    return std::move(report_);
  }

 private:
  NameRules* rules() { return rename_.empty() ? nullptr : &rename_; }

  void check_part() const {
    if (options_.part != DiffPart::graph) return;
    for (const ComparedSide* side : {&a_, &b_}) {
      if (side->model != nullptr) continue;
      throw Error(ErrorKind::usage, "--graph, and " + thaw::quoted(side->told.path) + " has no graph",
                  "two models", "compare without it: weights are compared by their names");
    }
  }

  void list_all_weights() {
    weights_ = list_both(a_, b_, rules());
    for (ComparedSide* side : {&a_, &b_}) {
      const WeightList& list = side == &a_ ? weights_.a : weights_.b;
      if (list.source != WeightSource::none) side->told.weights = list.weights.size();
    }
  }

  std::vector<Bytes> names_of(const ComparedSide& side, const WeightList& list,
                              const std::optional<Library>& library) const {
    std::vector<Bytes> names;
    for (const ListedWeight& weight : list.weights) {
      names.push_back(weight.id);
      names.insert(names.end(), weight.names.begin(), weight.names.end());
    }
    if (!library) return names;
    const Graph& graph = *side.model->graph;
    for (NodeId id = 0; id < graph.node_count(); ++id) names.push_back(graph.name(id));
    for (const FunctionDef& function : library->functions()) names.push_back(function.name);
    return names;
  }

  // Patterns and rules must name something of what is compared.
  void check_names() {
    if (match_.empty() && rename_.empty()) return;
    const auto library_of = [this](const ComparedSide& side) {
      const bool graphs = options_.part != DiffPart::weights && side.model != nullptr;
      return graphs ? std::optional<Library>(*side.model->graph) : std::nullopt;
    };
    const std::optional<Library> library_a = library_of(a_), library_b = library_of(b_);
    std::vector<Bytes> names = names_of(a_, weights_.a, library_a);
    for (const Bytes name : names) rename_.apply(name);
    rename_.require_all_fit(names);
    if (match_.empty()) return;
    std::ranges::copy(names_of(b_, weights_.b, library_b), std::back_inserter(names));
    for (const Bytes name : names) match_.matches(name);
    match_.require_all_matched(names);
  }

  std::function<bool(Bytes)> wanted() {
    if (match_.empty()) return {};
    return [this](Bytes name) { return match_.matches(name); };
  }

  void check_weights() const {
    if (options_.part != DiffPart::weights) return;
    throw Error(ErrorKind::usage, "--weights, and neither of the two has weights with values", "two models",
                "compare without it, or name the checkpoints");
  }

  void compare_lists() {
    const auto is_empty = [](const WeightList& list) {
      return list.source == WeightSource::none || list.source == WeightSource::declared;
    };
    if (is_empty(weights_.a) && is_empty(weights_.b)) return check_weights();
    WeightWishesOfDiff wishes;
    wishes.elements = {options_.tolerance, {options_.stop, {}}};
    wishes.rename = rules();
    wishes.wanted = wanted();
    wishes.progress = options_.progress;
    compare_weights(weights_.a, weights_.b, weights_.pairs, wishes, report_);
  }

  void compare_models() {
    const bool frozen_a = !has_variables(*a_.model->graph), frozen_b = !has_variables(*b_.model->graph);
    const bool one_is_frozen = frozen_a != frozen_b;
    const auto graph_of = [one_is_frozen](const ComparedSide& side) {
      return (one_is_frozen ? side.frozen() : *side.model).graph.get();
    };
    const GraphSide a{graph_of(a_), &weights_.a}, b{graph_of(b_), &weights_.b};
    const std::unordered_set<std::string> known = known_values();
    const std::unordered_map<std::string, std::string> same = same_nodes(a, b, weights_.pairs);
    CompareWishes wishes;
    wishes.rename = rules();
    wishes.tolerance = options_.tolerance;
    wishes.wanted = wanted();
    wishes.stop = options_.stop;
    wishes.known_values = &known;
    wishes.frozen = one_is_frozen;
    if (!wishes.frozen) return compare_both(*a.graph, *b.graph, wishes);
    if (rename_.empty() && compare_refrozen(frozen_a, wishes)) return;
    wishes.same_nodes = &same;
    const FrozenPair frozen(a, b, frozen_a, same, rules());
    if (options_.part == DiffPart::all) report_.graph_note = frozen.strangeness();
    if (!report_.graph_note.empty()) return;
    compare_both(*a.graph, *b.graph, wishes);
    frozen.expect(report_);
  }

  // Thawed graphs know what they were thawed from: then nothing has to be guessed.
  bool compare_refrozen(bool frozen_is_a, CompareWishes wishes) {
    const std::shared_ptr<const Graph> again = frozen_again(frozen_is_a ? b_ : a_);
    if (again == nullptr) return false;
    const Graph& thawed = *(frozen_is_a ? b_ : a_).model->graph;
    const Graph& frozen = *(frozen_is_a ? a_ : b_).frozen().graph;
    std::unordered_set<std::string> weights;
    const WeightList& constants = frozen_is_a ? weights_.a : weights_.b;
    const std::vector<std::size_t>& partners = frozen_is_a ? weights_.pairs.of_a : weights_.pairs.of_b;
    for (std::size_t i = 0; i < partners.size(); ++i) {
      if (partners[i] == kNoPartner) continue;
      weights.insert(constants.weights[i].node);
      weights.insert(constants.weights[i].constants.begin(), constants.weights[i].constants.end());
    }
    wishes.frozen = false;
    wishes.known_values = &weights;
    compare_both(frozen_is_a ? frozen : *again, frozen_is_a ? *again : frozen, wishes);
    report_.graph.frozen = weights.size();
    report_.graph.left_out = thawed.node_count() - std::min(thawed.node_count(), again->node_count());
    return true;
  }

  void compare_both(const Graph& a, const Graph& b, const CompareWishes& wishes) {
    report_.graph = compare_graphs(a, b, wishes);
    report_.graph_compared = true;
  }

  // Constants that are compared as weights need not be compared as nodes.
  std::unordered_set<std::string> known_values() {
    std::unordered_set<std::string> known;
    const bool both =
        weights_.a.source == WeightSource::constants && weights_.b.source == WeightSource::constants;
    for (std::size_t i = 0; both && i < weights_.pairs.of_a.size(); ++i) {
      const ListedWeight& weight = weights_.a.weights[i];
      const std::size_t other = weights_.pairs.of_a[i];
      if (other == kNoPartner || weights_.b.weights[other].id != renamed(rules(), weight.id)) continue;
      const bool alike = weight.constants.size() == weights_.b.weights[other].constants.size();
      if (!alike) continue;
      known.insert(weight.id);
      known.insert(weight.constants.begin(), weight.constants.end());
    }
    return known;
  }

  void warn_of(const ComparedSide& side) {
    for (const std::string& fault : {side.subject.values_fault, side.subject.graph_fault}) {
      if (!fault.empty()) report_.warnings.push_back(fault);
    }
    const auto unknown =
        std::ranges::count(report_.weights, WeightChange::unknown, &WeightDifference::change);
    const WeightList& list = &side == &a_ ? weights_.a : weights_.b;
    if (unknown > 0 && list.source == WeightSource::declared)
      report_.warnings.push_back(side.told.path + ": no values were found for its " +
                                 std::to_string(unknown) + (unknown == 1 ? " variable" : " variables"));
  }

  const DiffOptions& options_;
  PatternSet match_;
  NameRules rename_;
  ComparedSide a_, b_;
  ComparedWeights weights_;
  DiffReport report_;
};

}  // namespace

bool DiffReport::differs() const {
  return !graph.empty() ||
         std::ranges::any_of(weights, [](const WeightDifference& weight) { return !weight.expected; });
}

DiffReport diff_models(const std::filesystem::path& a, const std::filesystem::path& b,
                       const DiffOptions& options, const std::shared_ptr<Destination>& files) {
  return blaming(ErrorKind::input_io, [&] { return Diff(a, b, options, *files).run(); });
}

}  // namespace thaw
