#include "verbs/functional_graph.h"

#include "model/table_filler.h"
#include "passes/clear_devices.h"
#include "passes/hoist.h"
#include "passes/initializers.h"
#include "passes/locals.h"
#include "passes/node_templates.h"
#include "passes/repair_control_flow.h"
#include "passes/variables.h"
#include "verbs/carry_state.h"
#include "verbs/prepare_model.h"

namespace thaw::internal {

namespace {

// Everything that may still be a reference: what freezing left, and constants that only a reference can stand
// for.
std::vector<NodeId> reference_variables(const Plan& plan) {
  std::vector<NodeId> found;
  for (const LocalVariable& local : plan.locals) {
    if (!local.is_resource) found.push_back(local.node);
  }
  for (const Variable& variable : plan.variables) {
    if (variable.ref) found.push_back(variable.node);
  }
  return found;
}

std::vector<LocalVariable> resource_locals(const Draft& draft, const Plan& plan) {
  std::vector<LocalVariable> locals = plan.locals;
  for (LocalVariable& local : locals) local.is_resource = draft.op(local.node) == "VarHandleOp";
  return locals;
}

std::shared_ptr<const Graph> finished(Draft& draft, const ThawOptions& options) {
  fit_to_release(draft, find_release(options));
  if (options.clear_devices) clear_devices(draft);
  return read_graph(draft.emit().as_replaying_source(draft.base().source()->name()));
}

void add_training(const Draft& draft, const Plan& plan, const GraphWishes& wishes, FunctionalGraph& done) {
  Draft training = draft;
  BatchTrainingOptions options = batch_training_options(wishes);
  options.always = true;
  BatchTraining trained = train_batch_norms(training, plan, done.parts.variables, nullptr, options);
  if (trained.fused + trained.arithmetic == 0) return;
  done.training = finished(training, wishes.options);
  done.updates = std::move(trained.updates);
}

std::vector<NodeId> table_fillers(const Draft& draft) {
  std::vector<NodeId> fillers;
  if (!has_tables(draft.base())) return fillers;
  const Library library(draft.base());
  for (NodeId id = 0; id < draft.id_limit(); ++id) {
    if (draft.is_removed(id) || !may_fill_table(draft.op(id), library)) continue;
    if (is_table_filler(draft.node_def(id), library)) fillers.push_back(id);
  }
  return fillers;
}

}  // namespace

BatchTrainingOptions batch_training_options(const GraphWishes& wishes) {
  BatchTrainingOptions options;
  options.momentum = wishes.options.bn_momentum.value_or(options.momentum);
  options.scope = wishes.outer_scope;
  return options;
}

FunctionalGraph make_functional(Draft draft, Plan plan, const CarriedVariables* carried,
                                const GraphWishes& wishes) {
  const auto& [options, outer_scope] = wishes;
  FunctionalGraph done;
  const std::size_t before = draft.changes().size();
  make_state_resources(draft, reference_variables(plan));
  done.raised = raise_control_flow(draft, outside_of(plan));
  if (!done.raised.left.empty()) {
    if (const std::optional<Contexts> contexts = repair_control_flow(draft))
      hoist_weights(draft, plan, *contexts);
  }
  done.differs = draft.changes().size() > before;
  MetaGraphParts& parts = done.parts;
  parts.saver = add_saver_filename(draft, outer_scope, "model");
  // The values lie beside it, always: no initialiser is ever run.
  Initializers initializers(draft, Initializer::nan, parts.saver, plan.variables, plan.checkpoint);
  parts.variables = make_variables(draft, plan, VariableStyle::resource, initializers);
  if (carried != nullptr) carry_state(draft, *carried, plan, parts.variables);
  std::vector<std::string> told_before;
  parts.locals = make_locals(draft, resource_locals(draft, plan), told_before);
  add_saver(draft, parts.saver, parts.variables);
  parts.main_op = add_main_op(draft, parts.locals);
  if (options.batch_norms == BatchNorms::batch) add_training(draft, plan, wishes, done);
  done.graph = finished(draft, options);
  done.library = std::make_shared<const Library>(*done.graph);
  return done;
}

std::string add_main_op(Draft& draft, const std::vector<VariableNodes>& locals) {
  std::vector<std::string> inputs;
  for (const VariableNodes& local : locals) inputs.push_back("^" + local.initializer);
  for (const NodeId id : table_fillers(draft)) inputs.push_back("^" + draft.name(id));
  if (inputs.empty()) return {};
  NodeDef node = make_node(draft.unique_name("init_saved_model"), "NoOp", std::move(inputs));
  const std::string name = node.name;
  draft.add(std::move(node), kNoNode, {"L2", name, "readies state and tables"});
  return name;
}

}  // namespace thaw::internal
