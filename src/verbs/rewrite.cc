#include "verbs/rewrite.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "io/absolute_path.h"
#include "passes/batch_training.h"
#include "passes/clear_devices.h"
#include "passes/hoist.h"
#include "passes/initializers.h"
#include "passes/locals.h"
#include "passes/prune.h"
#include "passes/redeclare.h"
#include "passes/rename_frames.h"
#include "passes/repair_control_flow.h"
#include "passes/shape_pins.h"
#include "passes/split.h"
#include "passes/variables.h"
#include "thaw/error.h"
#include "verbs/added_state.h"
#include "verbs/carry_state.h"
#include "verbs/choose_weights.h"
#include "verbs/describe_control_flow.h"
#include "verbs/describe_ends.h"
#include "verbs/make_origin.h"
#include "verbs/naming.h"
#include "verbs/wanted_outputs.h"
#include "weights/make_plan.h"
#include "weights/uses.h"

namespace thaw::internal {

namespace {

// Where a constant that becomes a variable is in the draft; others in functions are nowhere.
NodeId place_of(const CallView& view, const HandedDown& handed_down, NodeId id) {
  const auto moved = handed_down.places.find(id);
  if (moved != handed_down.places.end()) return moved->second;
  return id < view.root_count ? id : kNoNode;
}

NodeId place_of(const Rewritten& done, NodeId id) { return place_of(done.view, done.handed_down, id); }

std::vector<NodeId> places_of(const CallView& view, const HandedDown& handed_down,
                              const std::vector<Decision>& decisions) {
  std::vector<NodeId> places;
  for (const Decision& decision : decisions) {
    const NodeId place = place_of(view, handed_down, decision.node);
    if (decision.verdict == Verdict::variable && place != kNoNode) places.push_back(place);
  }
  return places;
}

void forget_removed(const Rewritten& done, std::vector<Decision>& decisions) {
  std::erase_if(decisions, [&](const Decision& decision) {
    const NodeId id = place_of(done, decision.node);
    return id < done.draft.id_limit() && done.draft.is_removed(id);
  });
}

// Decisions and names are made where functions can be seen, variables in the draft.
Plan plan_of(const Rewritten& done, std::vector<Decision> decisions, const PlanNaming& naming) {
  Plan plan = make_plan(*done.view.graph, std::move(decisions), naming);
  for (Variable& variable : plan.variables) variable.node = place_of(done, variable.node);
  std::erase_if(plan.locals, [&](const LocalVariable& local) {
    return local.node >= done.view.root_count || done.draft.is_removed(local.node);
  });
  return plan;
}

// Outputs as the draft calls them by now.
std::vector<std::string> output_names(const Draft& draft, const std::vector<NodeId>& wanted,
                                      const std::vector<std::string>& outputs) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::size_t colon = outputs[i].rfind(':');
    names.push_back(draft.name(wanted[i]) + (colon == std::string::npos ? "" : outputs[i].substr(colon)));
  }
  return names;
}

// State that freezing leaves behind is no loss; a weight is.
void warn_of_unfrozen_weights(const Graph& graph, Plan& plan) {
  if (plan.locals.empty()) return;
  const DataFlow flow(graph);
  for (const LocalVariable& local : plan.locals) {
    const std::vector<Use> uses = find_uses(graph, flow, local.node);
    const bool weight = std::ranges::any_of(
        uses, [](const Use& use) { return use.kind == UseKind::weight && use.part != Part::initial_state; });
    if (weight)
      plan.warnings.push_back("variable " + thaw::quoted(local.name) +
                              " was not frozen and looks like a weight: its value is not in the file");
  }
}

void note_control_flow(Rewritten& done) {
  if (!has_control_flow(done.draft, done.first_flat)) return;
  auto control_flow = describe_control_flow(done.draft, done.plan, done.parts.signature);
  if (!control_flow) return;
  done.parts.contexts = std::move(control_flow->messages);
  done.control_flow = std::move(control_flow->report);
}

void check_momentum(const ThawOptions& options) {
  if (!options.bn_momentum) return;
  if (options.batch_norms != BatchNorms::batch) {
    throw Error(ErrorKind::usage, "--bn-momentum without --bn batch", "moving statistics that move",
                "add --bn batch");
  }
  const double momentum = *options.bn_momentum;
  if (momentum >= 0 && momentum < 1) return;
  throw Error(ErrorKind::usage, "--bn-momentum is " + std::to_string(momentum), "a number from 0 to below 1",
              "0.99 is what Keras takes");
}

void note_batch_norms(Rewritten& done, const Contexts* contexts, const BatchTrainingOptions& options) {
  BatchTraining training = train_batch_norms(done.draft, done.plan, done.parts.variables, contexts, options);
  for (StatisticUpdate& update : training.updates) done.parts.update_ops.push_back(std::move(update.op));
  done.batch_norms = ReportedBatchNorms{training.training,   options.momentum,      training.fused,
                                        training.arithmetic, done.parts.update_ops, {}};
  for (auto& [node, why] : training.left) done.batch_norms->left.push_back({node, std::move(why)});
}

// In the checkpoint only: in the graph it would be in the way of the optimizer that is to come.
void add_state(Plan& plan, const ThawOptions& options) {
  std::vector<TrainedKey> trained;
  std::set<std::string> keys;
  for (const CheckpointEntry& entry : plan.checkpoint.entries) keys.insert(entry.key);
  for (const Variable& variable : plan.variables) {
    const Value& value = plan.checkpoint.blobs[variable.blob];
    const bool again = !trained.empty() && trained.back().key == variable.key;
    const Shape& shape = variable.slice ? variable.slice->full_shape : value.shape();
    if (variable.trainable && !again) trained.push_back({variable.key, value.dtype(), shape});
  }
  for (const AddedState& state : added_state(trained, options.optimizer, options.global_step)) {
    if (!keys.insert(state.key).second) continue;
    plan.checkpoint.entries.push_back({state.key, plan.checkpoint.blobs.size(), std::nullopt});
    plan.checkpoint.blobs.push_back(state.value);
    plan.added.push_back(state.key);
  }
}

std::string absolute_text(const std::filesystem::path& prefix) { return absolute_path(prefix).string(); }

// The weights of functions are handed down, calls and cells written out before the draft begins: each makes a
// graph that means the same.
Rewritten begin(const Model& model, const ThawOptions& options, std::vector<Decision>& decisions) {
  auto library = std::make_shared<const Library>(*model.graph);
  CallView view = look_into_calls(model.graph, *library);
  decisions = choose_weights(*view.graph, {options.thaw, options.keep, options.non_trainable,
                                           model.stored.get(), model.carried.get()});
  HandedDown handed_down = hand_down_weights(model.graph, *library, view, decisions);
  WrittenCalls calls =
      write_out_calls(handed_down.graph, places_of(view, handed_down, decisions), options.expand_cells);
  ExpandedCells expanded = options.expand_cells ? expand_cells(calls.graph) : ExpandedCells{calls.graph, {}};
  ExpandedCells cases =
      options.expand_cells ? expand_cases(expanded.graph) : ExpandedCells{expanded.graph, {}};
  const std::shared_ptr<const Graph> base = cases.graph;
  return {std::move(library),
          std::move(view),
          std::move(handed_down),
          std::move(calls),
          std::move(expanded),
          std::move(cases),
          {},
          Draft(base)};
}

void decide(Rewritten& done, std::vector<Decision> decisions, Naming& naming, const ThawOptions& options,
            const CarriedVariables* carried) {
  const PlanNaming plan_naming{[&](const std::string& constant, const std::string& recovered) {
                                 return naming.variable(constant, recovered);
                               },
                               options.ema_twins, carried};
  forget_removed(done, decisions);
  tie_root_copies(done.view, decisions);
  done.plan = plan_of(done, std::move(decisions), plan_naming);
  const bool has_state = carried != nullptr && !carried->state.empty();
  if (done.plan.variables.empty() && !has_state) fail_without_weights(done.draft.base(), done.plan);
  std::ranges::move(find_pinned_dimensions(done.draft, done.allowed.redeclared),
                    std::back_inserter(done.plan.warnings));
  naming.check_rules();
}

void give_names(Rewritten& done, const Naming& naming) {
  Draft& draft = done.draft;
  std::unordered_map<NodeId, std::string> renamed = naming.renamed_nodes(draft.base(), done.plan);
  std::erase_if(renamed, [&](const auto& entry) { return draft.is_removed(entry.first); });
  draft.rename(renamed, "M0");
  scope_frames(draft, naming.outer_scope());
  done.allowed.frame_scope = naming.outer_scope();
}

// The graph of the `.meta`: loops and branches as they are, with all that gradients need.
void make_session_graph(Rewritten& done, const CarriedVariables* carried, const GraphWishes& wishes,
                        const std::filesystem::path& prefix) {
  const auto& [options, outer_scope] = wishes;
  Draft& draft = done.draft;
  Plan& plan = done.plan;
  MetaGraphParts& parts = done.parts;
  done.first_flat = static_cast<NodeId>(draft.id_limit());
  const std::optional<Contexts> contexts = repair_control_flow(draft);
  if (contexts) {
    hoist_weights(draft, plan, *contexts);
    done.first_flat = 0;
  }
  const bool restores = options.initializer == Initializer::restore;
  parts.saver = add_saver_filename(draft, outer_scope, restores ? absolute_text(prefix) : "model");
  Initializers initializers(draft, options.initializer, parts.saver, plan.variables, plan.checkpoint);
  parts.variables = make_variables(draft, plan, options.style, initializers);
  if (options.batch_norms == BatchNorms::batch)
    note_batch_norms(done, contexts ? &*contexts : nullptr, batch_training_options(wishes));
  if (carried != nullptr) carry_state(draft, *carried, plan, parts.variables);
  warn_of_unfrozen_weights(draft.base(), plan);
  parts.locals = make_locals(draft, plan.locals, plan.warnings);
  add_saver(draft, parts.saver, parts.variables);
  if (options.clear_devices) clear_devices(draft);
}

}  // namespace

Rewritten rewrite(const Model& model, const std::filesystem::path& prefix, const ThawOptions& options) {
  refuse_variables(model);
  check_momentum(options);
  const std::vector<NodeId> wanted = find_wanted(*model.graph, options.outputs);
  if (options.prune && wanted.empty())
    throw Error(ErrorKind::usage, "--prune without --outputs", "the outputs to keep", "add --outputs NAME");
  Naming naming(options);
  std::vector<Decision> decisions;
  Rewritten done = begin(model, options, decisions);
  Draft& draft = done.draft;
  if (options.prune) prune(draft, wanted);
  done.allowed.pruned = options.prune;
  done.allowed.devices_cleared = options.clear_devices;
  done.allowed.redeclared = redeclare_inputs(draft, options.inputs);
  const CarriedVariables* carried = model.carried.get();
  decide(done, std::move(decisions), naming, options, carried);

  split_constants(draft, done.plan);
  give_names(done, naming);
  if (!options.saved_model.empty())
    done.functional = make_functional(draft, done.plan, carried, {options, naming.outer_scope()});
  make_session_graph(done, carried, {options, naming.outer_scope()}, prefix);
  describe_ends(done, model, output_names(draft, wanted, options.outputs));
  note_control_flow(done);
  if (carried != nullptr) carry_others(*carried, done.plan);
  add_state(done.plan, options);
  OriginRecord origin = make_origin(model, done, options);
  done.parts.origin = encode_origin(origin);
  if (done.functional) done.origin = std::move(origin);
  return done;
}

void check_size(std::uint64_t size, const char* file) {
  constexpr std::uint64_t kLimit = 0x7FFFFFFF;
  if (size <= kLimit) return;
  throw Error(ErrorKind::unsupported, std::string(file) + " would have " + std::to_string(size) + " bytes",
              "at most 2 GiB, which is all that TensorFlow can read",
              "leave out --init value; make variables of large constants with --thaw");
}

Recipe write_meta_graph(const Rewritten& rewritten) {
  Recipe meta_graph = make_meta_graph(rewritten.draft, rewritten.parts);
  check_size(meta_graph.size(), "the .meta file");
  return meta_graph;
}

}  // namespace thaw::internal
