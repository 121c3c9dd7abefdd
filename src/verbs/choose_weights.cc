#include "verbs/choose_weights.h"

#include <algorithm>

#include "model/variable_defs.h"
#include "ops/variable_op.h"
#include "thaw/error.h"
#include "weights/find_weights.h"
#include "weights/tied_copies.h"

namespace thaw::internal {

namespace {

std::vector<Bytes> constant_names(const Graph& graph, const StoredForm* stored) {
  std::vector<Bytes> names;
  if (stored != nullptr) names.assign(stored->left.begin(), stored->left.end());
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.op(id) == "Const") names.push_back(graph.name(id));
  }
  return names;
}

}  // namespace

std::vector<Decision> choose_weights(const Graph& graph, const WeightWishes& wishes) {
  for (const std::string& word : wishes.thaw) {
    if (std::ranges::find(wishes.keep, word) == wishes.keep.end()) continue;
    throw Error(ErrorKind::usage, "both --thaw and --keep name " + thaw::quoted(word), "one of them",
                "--keep makes exceptions to a wider --thaw: the words must differ");
  }
  PatternSet thawed("--thaw", wishes.thaw), kept("--keep", wishes.keep),
      untrained("--non-trainable", wishes.non_trainable);
  WeightRules rules;
  rules.stored = wishes.stored;
  if (!thawed.empty()) rules.thaw = &thawed;
  if (!kept.empty()) rules.keep = &kept;
  if (!untrained.empty()) rules.non_trainable = &untrained;
  rules.carried = wishes.carried;
  std::vector<Decision> decisions = find_weights(graph, rules);
  const std::vector<Bytes> names = constant_names(graph, wishes.stored);
  for (PatternSet* set : {&thawed, &kept, &untrained}) {
    if (wishes.stored == nullptr || set->empty()) continue;
    for (const std::string& left : wishes.stored->left) set->matches(left);
  }
  for (const PatternSet* set : {&thawed, &kept, &untrained}) {
    if (!set->empty()) set->require_all_matched(names);
  }
  return decisions;
}

// Folding moves no constants into functions.
void tie_root_copies(const CallView& view, std::vector<Decision>& decisions) {
  const auto inner = std::ranges::lower_bound(decisions, view.root_count, {}, &Decision::node);
  tie_copies(*view.graph, {decisions.begin(), inner});
}

// Variables that a MetaGraphDef declares and still holds have their values in a checkpoint; taking them for
// left-over state would lose them. Collections that outlived freezing name constants, and are made anew.
void refuse_variables(const Model& model) {
  for (const std::string& name : declared_variables(model.envelope)) {
    const NodeId id = model.graph->find(name);
    if (id == kNoNode || !is_variable_op(model.graph->op(id))) continue;
    throw Error(ErrorKind::missing_values,
                "has variables of its own (" + thaw::quoted(name) +
                    " is one), whose values are in the checkpoint that it was saved with",
                "a graph whose weights are constants",
                "put the checkpoint beside the graph, under the name it was saved by");
  }
}

// The three usual reasons why there is nothing to thaw.
void fail_without_weights(const Graph& graph, const Plan& plan) {
  std::size_t constants = 0, unsure = 0;
  for (const Decision& decision : plan.decisions) {
    ++constants;
    unsure += decision.verdict == Verdict::unsure ? 1 : 0;
  }
  const auto counted = [](std::size_t count, const char* what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
  };
  const std::string seen = counted(graph.node_count(), "node") + ", " + counted(constants, "constant");
  if (!plan.locals.empty()) {
    throw Error(ErrorKind::no_weights,
                "holds " + std::to_string(plan.locals.size()) + " variables and no frozen weights (" + seen +
                    "): it was never frozen",
                "weights that are constants", "its weights are in the checkpoint that was saved with it");
  }
  if (unsure > 0) {
    throw Error(
        ErrorKind::no_weights,
        "has no constant that is surely a weight (" + seen + ", " + std::to_string(unsure) + " doubtful)",
        "at least one weight",
        "name those that are weights: --thaw 'NAME'; --thaw '.*' -n lists what would be taken");
  }
  throw Error(ErrorKind::no_weights, "has no weights (" + seen + ")",
              "at least one constant that a layer uses", "is it the right file?");
}

}  // namespace thaw::internal
