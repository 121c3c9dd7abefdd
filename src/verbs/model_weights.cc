#include "verbs/model_weights.h"

#include <algorithm>
#include <map>

#include "checkpoint/joined_value.h"
#include "verbs/choose_weights.h"
#include "verbs/naming.h"
#include "weights/make_plan.h"

namespace thaw::internal {

namespace {

using ByKey = std::map<std::string, std::vector<const Variable*>>;  // the slices of one are together

std::vector<const Variable*> in_graph_order(const ByKey& keys) {
  std::vector<const Variable*> firsts;
  for (const auto& [key, parts] : keys) firsts.push_back(parts.front());
  std::ranges::sort(firsts, {}, &Variable::node);
  return firsts;
}

Value value_of(const std::vector<const Variable*>& parts, const CheckpointContents& contents) {
  const Value& first = contents.blobs[parts.front()->blob];
  if (!parts.front()->slice) return first;
  std::vector<TensorPart> joined;
  for (const Variable* part : parts) joined.push_back({part->slice->extents, contents.blobs[part->blob]});
  return join_parts(first.dtype(), parts.front()->slice->full_shape, std::move(joined));
}

bool is_derived(const Plan& plan, const Variable& variable) {
  return std::ranges::lower_bound(plan.decisions, variable.node, {}, &Decision::node)->derived;
}

ThawOptions naming_options(const TransplantOptions& options) {
  ThawOptions naming;
  naming.rename = options.rename;
  naming.rules = options.rules;
  naming.scope = options.scope;
  naming.strip_prefix = options.strip_prefix;
  return naming;
}

// By names, then by what the graph does with them. The matrices of other cells can have such names, too.
std::vector<ModelCell> find_cells(const Graph& graph, const std::vector<Weight>& weights,
                                  const std::vector<NodeId>& nodes) {
  std::vector<ShapedName> names;
  for (const Weight& weight : weights) names.push_back({weight.name, weight.shape});
  std::vector<ModelCell> cells;
  for (NamedCell& named : find_named_cells(names)) {
    CellFacts facts;
    if (named.layout == CellLayout::joined) {
      const auto node = [&](std::size_t i) { return i == kNoWeight ? kNoNode : nodes[i]; };
      facts = look_at_cell(graph, {named.kind, node(named.kernel), node(named.bias),
                                   node(named.candidate_kernel), node(named.candidate_bias)});
      if (!facts.joined) continue;
    }
    cells.push_back({std::move(named), std::move(facts)});
  }
  return cells;
}

// Variables that the graph changes have values, too.
void add_state(const Model& model, Naming& naming, ModelWeights& found) {
  for (const auto& [node, variable] : model.carried->state) {
    const std::string own(model.graph->name(node));
    const std::string name = naming.variable(own, own);
    const Value& value = variable.value;
    found.weights.push_back({name, own, own, value.dtype(), value.shape(), false, name != naming.node(own),
                             variable.trainable.value_or(false)});
    found.values.push_back(value);
    found.constants.push_back({own});
  }
}

}  // namespace

ModelWeights find_model_weights(const Model& model, const TransplantOptions& options) {
  refuse_variables(model);
  const std::vector<std::string> none;
  const PlanNaming as_they_are{[](const std::string&, const std::string& recovered) { return recovered; },
                               false, model.carried.get()};
  const Library library(*model.graph);
  const CallView view = look_into_calls(model.graph, library);
  std::vector<Decision> decisions = choose_weights(
      *view.graph, {options.thaw, options.keep, none, model.stored.get(), model.carried.get()});
  tie_root_copies(view, decisions);
  const Plan plan = make_plan(*view.graph, std::move(decisions), as_they_are);
  const bool has_state = model.carried && !model.carried->state.empty();
  if (plan.variables.empty() && !has_state) fail_without_weights(*model.graph, plan);
  Naming naming(naming_options(options));
  ModelWeights found;
  ByKey keys;
  std::vector<NodeId> nodes;  // of the weights
  for (const Variable& variable : plan.variables) keys[variable.key].push_back(&variable);
  for (const Variable* first : in_graph_order(keys)) {
    const std::vector<const Variable*>& parts = keys[first->key];
    const Value value = value_of(parts, plan.checkpoint);
    const std::string name = naming.variable(first->source_node, first->key);
    const bool derived =
        std::ranges::any_of(parts, [&](const Variable* part) { return is_derived(plan, *part); });
    found.weights.push_back({name, first->key, first->source_node, value.dtype(), value.shape(), derived,
                             name != naming.node(first->key), first->trainable});
    found.values.push_back(value);
    std::vector<std::string>& constants = found.constants.emplace_back();
    for (const Variable* part : parts) constants.push_back(part->source_node);
    nodes.push_back(parts.size() == 1 ? first->node : kNoNode);
  }
  found.cells = find_cells(*view.graph, found.weights, nodes);
  if (has_state) add_state(model, naming, found);
  naming.check_rules();
  for (const LocalVariable& local : plan.locals) {
    const bool is_state = has_state && model.carried->state.contains(local.node);
    if (local.node < view.root_count && !is_state) found.unfrozen.push_back(local.name);
  }
  return found;
}

}  // namespace thaw::internal
