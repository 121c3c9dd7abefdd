#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "compare/compare_graphs.h"
#include "compare/frozen_nodes.h"
#include "model/library.h"
#include "names/pattern.h"
#include "thaw/diff.h"
#include "thaw/error.h"
#include "verbs/compare_weights.h"

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
    for (ComparedSide* side : {&a_, &b_}) {
      WeightList& list = side == &a_ ? weights_a_ : weights_b_;
      list = list_weights(*side);
      if (list.source != WeightSource::none) side->told.weights = list.weights.size();
    }
    pairs_ = pair_weights(weights_a_, weights_b_, rules());
    if (weights_a_.source != WeightSource::constants || weights_b_.source != WeightSource::constants) return;
    if (take_constants() > 0) pairs_ = pair_weights(weights_a_, weights_b_, rules());
  }

  // What is a weight on one side only, because something else about the graph differs, is compared all the
  // same.
  std::size_t take_constants() {
    std::vector<ListedWeight> to_a, to_b;
    for (std::size_t i = 0; i < pairs_.of_a.size(); ++i) {
      if (pairs_.of_a[i] != kNoPartner) continue;
      auto constant = listed_constant(b_.model->graph, renamed(rules(), weights_a_.weights[i].id));
      if (constant) to_b.push_back(*std::move(constant));
    }
    for (std::size_t i = 0; rules() == nullptr && i < pairs_.of_b.size(); ++i) {
      if (pairs_.of_b[i] != kNoPartner) continue;
      auto constant = listed_constant(a_.model->graph, weights_b_.weights[i].id);
      if (constant) to_a.push_back(*std::move(constant));
    }
    std::ranges::move(to_a, std::back_inserter(weights_a_.weights));
    std::ranges::move(to_b, std::back_inserter(weights_b_.weights));
    return to_a.size() + to_b.size();
  }

  static void add_names(const ComparedSide& side, const WeightList& list, const Library* library,
                        std::vector<Bytes>& names) {
    for (const ListedWeight& weight : list.weights) {
      names.push_back(weight.id);
      names.insert(names.end(), weight.names.begin(), weight.names.end());
    }
    if (library == nullptr) return;
    const Graph& graph = *side.model->graph;
    for (NodeId id = 0; id < graph.node_count(); ++id) names.push_back(graph.name(id));
    for (const FunctionDef& function : library->functions()) names.push_back(function.name);
  }

  // Patterns and rules that name nothing of what is compared.
  void check_names() {
    if (match_.empty() && rename_.empty()) return;
    std::vector<Bytes> names;
    std::vector<Library> libraries;
    libraries.reserve(2);
    for (const ComparedSide* side : {&a_, &b_}) {
      const bool graphs = options_.part != DiffPart::weights && side->model != nullptr;
      if (graphs) libraries.emplace_back(*side->model->graph);
      add_names(*side, side == &a_ ? weights_a_ : weights_b_, graphs ? &libraries.back() : nullptr, names);
      if (side != &a_) break;
      for (const Bytes name : names) rename_.apply(name);
      rename_.require_all_fit(names);
    }
    if (match_.empty()) return;
    for (const Bytes name : names) match_.matches(name);
    match_.require_all_matched(names);
  }

  std::function<bool(Bytes)> wanted() {
    if (match_.empty()) return {};
    return [this](Bytes name) { return match_.matches(name); };
  }

  void compare_lists() {
    const auto is_empty = [](const WeightList& list) {
      return list.source == WeightSource::none || list.source == WeightSource::declared;
    };
    if (is_empty(weights_a_) && is_empty(weights_b_)) return;
    WeightWishesOfDiff wishes;
    wishes.elements = {options_.tolerance, {options_.stop, {}}};
    wishes.rename = rules();
    wishes.wanted = wanted();
    wishes.progress = options_.progress;
    compare_weights(weights_a_, weights_b_, pairs_, wishes, report_);
  }

  void compare_models() {
    const Graph& a = *a_.model->graph;
    const Graph& b = *b_.model->graph;
    const bool thawed_a = has_variables(a), thawed_b = has_variables(b);
    CompareWishes wishes;
    wishes.rename = rules();
    wishes.tolerance = options_.tolerance;
    wishes.frozen = thawed_a != thawed_b;
    wishes.wanted = wanted();
    wishes.stop = options_.stop;
    const std::unordered_set<std::string> known = known_values();
    wishes.known_values = &known;
    const std::unordered_map<std::string, std::string> same = same_nodes();
    if (wishes.frozen) wishes.same_nodes = &same;
    if (wishes.frozen && options_.part == DiffPart::all && are_strangers(thawed_a ? b : a, thawed_a ? a : b))
      return;
    report_.graph = compare_graphs(a, b, wishes);
    report_.graph_compared = true;
  }

  // Freezing writes the functions of TensorFlow 2 out: then nearly no node has the name that it had.
  bool are_strangers(const Graph& frozen, const Graph& thawed) {
    std::size_t met = 0;
    const bool frozen_is_a = &frozen == a_.model->graph.get();
    for (NodeId id = 0; id < frozen.node_count(); ++id) {
      const std::string name(frozen.name(id));
      met += thawed.find(frozen_is_a ? renamed(rules(), name) : name) != kNoNode ? 1 : 0;
    }
    if (2 * met >= frozen.node_count()) return false;
    report_.graph_note = "only " + std::to_string(met) + " of " + std::to_string(frozen.node_count()) +
                         " nodes of the frozen graph are in the other one by name: what freezing does to "
                         "functions; --graph compares them all the same";
    return true;
  }

  // Constants that are compared as weights need not be compared as nodes.
  std::unordered_set<std::string> known_values() {
    std::unordered_set<std::string> known;
    const bool both =
        weights_a_.source == WeightSource::constants && weights_b_.source == WeightSource::constants;
    for (std::size_t i = 0; both && i < pairs_.of_a.size(); ++i) {
      const std::string& id = weights_a_.weights[i].id;
      const std::size_t other = pairs_.of_a[i];
      if (other != kNoPartner && weights_b_.weights[other].id == renamed(rules(), id)) known.insert(id);
    }
    return known;
  }

  // A variable has the name that was found out for it, its constant the one that freezing left.
  std::unordered_map<std::string, std::string> same_nodes() const {
    std::unordered_map<std::string, std::string> same;
    for (std::size_t i = 0; i < pairs_.of_a.size(); ++i) {
      if (pairs_.of_a[i] == kNoPartner) continue;
      const std::string& was = weights_a_.weights[i].node;
      const std::string& is = weights_b_.weights[pairs_.of_a[i]].node;
      if (!was.empty() && !is.empty() && was != is) same.emplace(was, is);
    }
    return same;
  }

  void warn_of(const ComparedSide& side) {
    for (const std::string& fault : {side.subject.values_fault, side.subject.graph_fault}) {
      if (!fault.empty()) report_.warnings.push_back(fault);
    }
    const auto unknown =
        std::ranges::count(report_.weights, WeightChange::unknown, &WeightDifference::change);
    const WeightList& list = &side == &a_ ? weights_a_ : weights_b_;
    if (unknown > 0 && list.source == WeightSource::declared)
      report_.warnings.push_back(side.told.path + ": no values were found for its " +
                                 std::to_string(unknown) + (unknown == 1 ? " variable" : " variables"));
  }

  const DiffOptions& options_;
  PatternSet match_;
  NameRules rename_;
  ComparedSide a_, b_;
  WeightList weights_a_, weights_b_;
  WeightPairs pairs_;
  DiffReport report_;
};

}  // namespace

bool DiffReport::differs() const {
  return !graph.empty() ||
         std::ranges::any_of(weights, [](const WeightDifference& weight) { return !weight.expected; });
}

DiffReport diff_models(const std::filesystem::path& a, const std::filesystem::path& b,
                       const DiffOptions& options, const std::shared_ptr<Destination>& files) {
  return Diff(a, b, options, *files).run();
}

}  // namespace thaw
