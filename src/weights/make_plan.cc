#include "weights/make_plan.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "names/conventions.h"
#include "names/scopes.h"
#include "ops/variable_op.h"
#include "thaw/error.h"
#include "weights/partitions.h"
#include "weights/recovered_names.h"

namespace thaw::internal {

namespace {

void check_name(const Variable& variable) {
  const std::optional<std::string> refused = why_invalid_node_name(variable.name);
  if (!refused) return;
  throw Error(ErrorKind::usage,
              "variable " + thaw::quoted(variable.name) + " (constant " + thaw::quoted(variable.source_node) +
                  "): " + *refused,
              "a name that TensorFlow accepts for a node", "choose another with --rename");
}

std::tuple<const std::string&, std::int64_t, const std::string&> order_of(const Variable& variable) {
  std::int64_t offset = 0;
  if (variable.slice) {
    for (const SliceExtent& extent : variable.slice->extents) offset += extent.start;
  }
  return {variable.key, offset, variable.name};
}

void check_unique(const std::vector<Variable>& variables) {
  std::unordered_map<std::string_view, const Variable*> taken;
  for (const Variable& variable : variables) {
    const auto [other, is_new] = taken.emplace(variable.name, &variable);
    if (is_new) continue;
    throw Error(ErrorKind::usage,
                "constants " + thaw::quoted(other->second->source_node) + " and " +
                    thaw::quoted(variable.source_node) + " would both be called " +
                    thaw::quoted(variable.name),
                "one variable for each name", "make the --rename rules tell them apart");
  }
}

// The slices of a partitioned variable share its key; their names follow it when it is renamed.
void apply_partitions(const Graph& graph, const std::vector<Decision>& decisions, const PlanNaming& naming,
                      std::vector<Variable>& variables) {
  const std::vector<Partition> partitions = find_partitions(graph, decisions);
  if (partitions.empty()) return;
  std::unordered_map<std::string_view, Variable*> by_source;
  for (Variable& variable : variables) by_source[variable.source_node] = &variable;
  for (const Partition& partition : partitions) {
    const std::string key = naming.rename(partition.name, partition.name);
    for (std::size_t i = 0; i < partition.parts.size(); ++i) {
      Variable& part = *by_source.at(graph.name(partition.parts[i]));
      if (decisions[part.decision].carried) continue;
      part.key = key;
      part.slice = partition.places[i];
    }
  }
}

// What the file says of its variables itself: their values, and of which whole they are a part.
void apply_carried(const CarriedVariables& carried, const PlanNaming& naming, Plan& plan) {
  for (Variable& variable : plan.variables) {
    const CarriedVariable* was = carried.find(variable.node);
    if (was == nullptr) continue;
    if (was->place) variable.key = naming.rename(was->whole, was->whole);
    variable.slice = was->place;
  }
}

void find_locals(const Graph& graph, Plan& plan) {
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    const Bytes op = graph.op(id);
    if (!is_variable_op(op)) continue;
    plan.locals.push_back({std::string(graph.name(id)), id, op == "VarHandleOp"});
  }
}

// TensorFlow refuses a Const that does not say what it is.
Value value_of_constant(const Graph& graph, NodeId id) {
  if (graph.type_attr(id, "dtype")) return graph.tensor(id, "value").value;
  throw Error(ErrorKind::malformed, "node " + thaw::quoted(graph.name(id)) + ": a constant without a type",
              "attribute 'dtype'");
}

// SaveV2's argument order: by key, the slices of one key by their place.
void fill_checkpoint(const Graph& graph, const PlanNaming& naming, Plan& plan) {
  const auto value_of = [&](NodeId id) {
    const CarriedVariable* carried = naming.carried == nullptr ? nullptr : naming.carried->find(id);
    return carried == nullptr ? value_of_constant(graph, id) : carried->value;
  };
  std::ranges::sort(plan.variables,
                    [](const Variable& a, const Variable& b) { return order_of(a) < order_of(b); });
  for (Variable& variable : plan.variables) {
    variable.blob = plan.checkpoint.blobs.size();
    plan.checkpoint.blobs.push_back(value_of(variable.node));
    plan.checkpoint.entries.push_back({variable.key, variable.blob, variable.slice});
    if (naming.ema_twins && variable.trainable) {
      plan.checkpoint.entries.push_back(
          {variable.key + "/ExponentialMovingAverage", variable.blob, variable.slice});
    }
  }
}

// A recovered name can tell what the constant's own hid.
void look_at_names(const std::vector<std::string>& recovered, std::vector<Decision>& decisions) {
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    if (decisions[i].carried || decisions[i].role != Role::trainable ||
        hint_of(recovered[i]) != NameHint::statistic)
      continue;
    decisions[i].role = Role::statistic;
    decisions[i].reasons.push_back({"R5", "", -1});
  }
}

}  // namespace

Plan make_plan(const Graph& graph, std::vector<Decision> decisions, const PlanNaming& naming) {
  Plan plan;
  const std::vector<std::string> recovered = recover_variable_names(graph, naming.carried, decisions);
  look_at_names(recovered, decisions);
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    const Decision& decision = decisions[i];
    if (decision.verdict != Verdict::variable) continue;
    Variable variable;
    variable.source_node = graph.name(decision.node);
    variable.name = naming.rename(variable.source_node, recovered[i]);
    variable.key = variable.name;
    variable.node = decision.node;
    variable.decision = i;
    variable.role = decision.role;
    variable.trainable = decision.role == Role::trainable;
    variable.ref = decision.ref;
    check_name(variable);
    plan.variables.push_back(std::move(variable));
  }
  check_unique(plan.variables);
  apply_partitions(graph, decisions, naming, plan.variables);
  if (naming.carried != nullptr) apply_carried(*naming.carried, naming, plan);
  fill_checkpoint(graph, naming, plan);
  find_locals(graph, plan);
  plan.decisions = std::move(decisions);
  return plan;
}

}  // namespace thaw::internal
