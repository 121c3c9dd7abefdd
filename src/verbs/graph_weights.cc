#include "verbs/graph_weights.h"

#include <algorithm>
#include <map>

#include "passes/repair_control_flow.h"
#include "subject/graph_variables.h"
#include "thaw/error.h"
#include "verbs/choose_weights.h"
#include "verbs/describe_control_flow.h"
#include "verbs/float_model.h"
#include "verbs/make_report.h"
#include "verbs/variable_roles.h"
#include "weights/make_plan.h"

namespace thaw::internal {

namespace {

// What a file may be without being a model that can be thawed; everything else is no matter of the model.
bool is_refusal(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::usage:
    case ErrorKind::malformed:
    case ErrorKind::unsupported:
    case ErrorKind::no_weights:
    case ErrorKind::missing_values:
      return true;
    default:
      return false;
  }
}

std::string sentence_of(const Error& error) {
  std::string text;
  for (const std::string& place : error.places()) text += place + ": ";
  return text + error.problem();
}

class WeightReader {
 public:
  WeightReader(const Model& model, const Library& library, StoredSet* stored)
      : model_(model), library_(library), stored_(stored) {}

  GraphWeights run() {
    const std::vector<GraphVariable> variables = graph_variables(model_, stored_);
    const bool is_frozen = variables.empty() || stored_ == nullptr;
    if (is_frozen) compute_with_floats();
    found_.view = look_into_calls(model_.graph, library_);
    if (!is_frozen || !take_thawed()) look_without_thawing(variables);
    add_variables(variables);
    sort();
    return std::move(found_);
  }

 private:
  void compute_with_floats() {
    const std::vector<std::string> none;
    try {
      model_ = float_model(model_, {none, none});
    } catch (const Error& error) {
      if (!is_refusal(error)) throw;
    }
  }

  // What `thaw MODEL -n` finds. False when it is refused.
  bool take_thawed() {
    ThawOptions options;
    options.dry_run = true;
    options.list_all = false;
    try {
      const Rewritten rewritten = rewrite(model_, "model", options);
      ThawReport report = make_report(model_, rewritten, options, "model");
      take_variables(rewritten.plan, report);
      found_.kept_count = report.kept_count;
      found_.unsure = std::move(report.unsure);
      found_.control_flow = std::move(report.control_flow);
      found_.warnings = std::move(report.warnings);
      return true;
    } catch (const Error& error) {
      if (!is_refusal(error)) throw;
      found_.refusal = {sentence_of(error), error.hint()};
      return false;
    }
  }

  void take_variables(const Plan& plan, ThawReport& report) {
    for (std::size_t i = 0; i < plan.variables.size(); ++i) {
      const Variable& variable = plan.variables[i];
      ReportedVariable& told = report.variables[i];
      const Decision& decision = plan.decisions[variable.decision];
      if (variable.trainable) found_.trained.push_back(decision.node);
      add({told.name,
           told.node,
           {told.key},
           told.dtype,
           told.shape,
           told.bytes,
           told.role,
           true,
           told.derived,
           true,
           told.reasons,
           told.place,
           std::nullopt,
           told.stored},
          plan.checkpoint.blobs[variable.blob]);
    }
  }

  void look_without_thawing(const std::vector<GraphVariable>& variables) {
    if (variables.empty()) look_at_constants();
    describe_loops(variables);
  }

  void look_at_constants() {
    const std::vector<std::string> none;
    try {
      for (const Decision& decision : choose_weights(*found_.view.graph, {none, none, none}))
        look_at(decision);
    } catch (const Error& error) {
      if (!is_refusal(error)) throw;
    }
  }

  void look_at(const Decision& decision) {
    const Graph& graph = *found_.view.graph;
    found_.kept_count += decision.verdict == Verdict::kept ? 1 : 0;
    if (decision.verdict == Verdict::kept || decision.verdict == Verdict::tied) return;
    const std::string name(graph.name(decision.node));
    const TensorHead head = graph.tensor_head(decision.node, "value").value_or(TensorHead{});
    const std::optional<ReportedPlace> place = place_of(decision.node);
    if (decision.verdict == Verdict::unsure) {
      found_.unsure.push_back({name, head.dtype, head.shape, decision.reasons, place});
      return;
    }
    const Value value = graph.tensor(decision.node, "value").value;
    if (decision.role == Role::trainable) found_.trained.push_back(decision.node);
    add({name,
         name,
         {name},
         value.dtype(),
         value.shape(),
         value.byte_size(),
         decision.role,
         true,
         decision.derived,
         true,
         decision.reasons,
         place},
        value);
  }

  std::optional<ReportedPlace> place_of(NodeId id) const {
    const FunctionPlace* place = found_.view.find_place(id);
    if (place == nullptr) return std::nullopt;
    const FunctionDef& function = library_.functions()[place->function];
    return ReportedPlace{function.name, function.nodes[place->node].node.name};
  }

  void describe_loops(const std::vector<GraphVariable>& variables) {
    Plan plan;
    for (const GraphVariable& variable : variables) {
      plan.variables.push_back({});
      plan.variables.back().node = variable.node;
      plan.variables.back().trainable = variable.trainable.value_or(true);
    }
    try {
      Draft draft(model_.graph);
      if (!repair_control_flow(draft)) return;
      auto described = describe_control_flow(draft, plan, find_signature(draft, {}));
      if (described) found_.control_flow = std::move(described->report);
    } catch (const Error& error) {
      if (!is_refusal(error)) throw;
      found_.warnings.push_back("loops and branches cannot be followed: " + sentence_of(error));
    }
  }

  void add_variables(const std::vector<GraphVariable>& variables) {
    const std::vector<Role> roles = roles_of_variables(*found_.view.graph, variables);
    for (std::size_t i = 0; i < variables.size(); ++i) {
      const GraphVariable& variable = variables[i];
      if (roles[i] == Role::trainable) found_.trained.push_back(variable.node);
      std::optional<Value> value = value_of(variable);
      const Shape& shape = value ? value->shape() : variable.shape;
      const auto numbers = static_cast<std::uint64_t>(shape.element_count().value_or(0));
      InspectedWeight weight{
          variable.name, std::string(model_.graph->name(variable.node)), variable.keys, variable.dtype,
          shape,         numbers * element_size(variable.dtype),         roles[i]};
      weight.frozen = false;
      weight.has_value = value.has_value();
      add(std::move(weight), std::move(value));
    }
  }

  std::optional<Value> value_of(const GraphVariable& variable) {
    const bool told = stored_ != nullptr && !variable.keys.empty() && !variable.local &&
                      stored_->find(variable.keys.front()) != nullptr;
    if (!told) return std::nullopt;
    try {
      return variable_value(variable, *stored_);
    } catch (const Error& error) {
      if (!is_refusal(error) && error.kind() != ErrorKind::input_io) throw;
      if (error.kind() != ErrorKind::input_io) found_.warnings.push_back(sentence_of(error));
      return std::nullopt;
    }
  }

  void add(InspectedWeight weight, std::optional<Value> value) {
    found_.weights.push_back(std::move(weight));
    found_.values.push_back(std::move(value));
  }

  void sort() {
    std::vector<std::size_t> order(found_.weights.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {},
                             [&](std::size_t i) -> const std::string& { return found_.weights[i].name; });
    std::vector<InspectedWeight> weights;
    std::vector<std::optional<Value>> values;
    for (const std::size_t i : order) {
      weights.push_back(std::move(found_.weights[i]));
      values.push_back(std::move(found_.values[i]));
    }
    found_.weights = std::move(weights);
    found_.values = std::move(values);
  }

  Model model_;
  const Library& library_;
  StoredSet* stored_;
  GraphWeights found_;
};

}  // namespace

GraphWeights find_graph_weights(const Model& model, const Library& library, StoredSet* stored) {
  return WeightReader(model, library, stored).run();
}

}  // namespace thaw::internal
