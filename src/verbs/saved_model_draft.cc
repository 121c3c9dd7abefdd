#include "verbs/saved_model_draft.h"

#include <algorithm>

#include "draft/outputs.h"
#include "export/object_form.h"
#include "export/saved_model.h"
#include "export/saved_signatures.h"
#include "model/declared_shape.h"
#include "subject/object_names.h"
#include "target/initial_value.h"
#include "thaw/error.h"
#include "verbs/number_value.h"
#include "verbs/wanted_outputs.h"

namespace thaw::internal {

namespace {

// Variables in the order in which their values are kept.
struct SavedVariables {
  std::vector<ObjectVariable> variables;
  std::vector<Value> values;
  std::vector<std::size_t> blobs;  // of those at the front, which are in the plan's checkpoint
};

// What state begins with: what the graph itself assigns, as far as that is a constant, else zeros. In the
// checkpoint, because objects have no other way to begin.
std::optional<Value> first_value(const Graph& graph, NodeId id, const VariableNodes& local) {
  const Shape shape = declared_shape(graph, id);
  if (!shape.fully_defined() || !shape.element_count()) return std::nullopt;
  const NodeId assign = find_initializer(graph, id, local.initializer);
  if (assign != kNoNode) {
    if (InitialValue initial = initial_value(graph, assign, local.dtype, shape, 0); initial.value)
      return initial.value;
  }
  return number_value(local.dtype, shape, 0);
}

SavedVariables list_variables(const Rewritten& rewritten) {
  SavedVariables saved;
  const Plan& plan = rewritten.plan;
  for (const Variable& variable : plan.variables) {
    const Value& value = plan.checkpoint.blobs[variable.blob];
    saved.variables.push_back({variable.name, value.dtype(), value.shape(), variable.trainable});
    saved.values.push_back(value);
    saved.blobs.push_back(variable.blob);
  }
  const FunctionalGraph& functional = *rewritten.functional;
  for (const StateVariable& state : plan.state) {
    const NodeId id = functional.graph->find(state.name);
    if (id == kNoNode || functional.graph->op(id) != "VarHandleOp") continue;
    const Value& value = plan.checkpoint.blobs[state.blob];
    saved.variables.push_back({state.name, value.dtype(), value.shape(), state.trainable});
    saved.values.push_back(value);
    saved.blobs.push_back(state.blob);
  }
  for (const VariableNodes& local : functional.parts.locals) {
    const NodeId id = functional.graph->find(local.name);
    if (!local.is_resource || id == kNoNode) continue;
    if (std::optional<Value> value = first_value(*functional.graph, id, local)) {
      saved.variables.push_back({local.name, value->dtype(), value->shape(), false});
      saved.values.push_back(std::move(*value));
    }
  }
  return saved;
}

// The plan's entries, and one for each object: of a variable of the plan the same bytes under a second key.
CheckpointContents contents_of(const Plan& plan, const SavedVariables& saved, const EncodedObjects& objects) {
  CheckpointContents contents = plan.checkpoint;
  for (std::size_t i = 0; i < saved.variables.size(); ++i) {
    const bool planned = i < saved.blobs.size();
    const std::size_t blob = planned ? saved.blobs[i] : contents.blobs.size();
    if (!planned) contents.blobs.push_back(saved.values[i]);
    contents.entries.push_back({objects.value_keys[i], blob, std::nullopt});
  }
  contents.entries.push_back({std::string(kObjectGraphKey), contents.blobs.size(), std::nullopt});
  contents.blobs.push_back(Value::from_strings(Shape(), {objects.trackable}));
  return contents;
}

std::vector<SavedSignature> signatures_of(const Rewritten& rewritten) {
  const Graph& graph = *rewritten.functional->graph;
  std::vector<SavedSignature> signatures = carried_signatures(graph, rewritten.carried_signatures);
  const bool has_default = std::ranges::any_of(
      signatures, [](const SavedSignature& signature) { return signature.name == "serving_default"; });
  if (has_default) return signatures;
  SavedSignature own = own_signature(graph, rewritten.parts.signature);
  if (!own.outputs.empty()) signatures.push_back(std::move(own));
  return signatures;
}

std::vector<NodeId> effects_of(const Graph& graph, const ThawOptions& options) {
  std::vector<NodeId> effects;
  for (const std::string& output : options.outputs) {
    const NodeId id = graph.find(output);
    const bool gives_nothing = id != kNoNode && graph.op(id) == "NoOp";
    if (gives_nothing) effects.push_back(id);
  }
  return effects;
}

std::vector<ReportedTensor> reported(const Graph& graph, const std::vector<NamedEdge>& edges) {
  std::vector<ReportedTensor> tensors;
  for (const NamedEdge& edge : edges)
    tensors.push_back(
        {edge.key, edge.dtype, edge.shape, tensor_name(graph.name(edge.tensor.node), edge.tensor.port)});
  return tensors;
}

void report_signatures(const Graph& graph, const std::vector<SavedSignature>& signatures,
                       ReportedSavedModel& report) {
  for (const SavedSignature& signature : signatures)
    report.signatures.push_back(
        {signature.name, reported(graph, signature.inputs), reported(graph, signature.outputs)});
}

void report_raised(const Raised& raised, ReportedSavedModel& report) {
  report.loops = raised.loops;
  report.conds = raised.conds;
  report.arrays = raised.arrays;
  for (const NotRaised& left : raised.left)
    report.not_raised.push_back("node " + thaw::quoted(left.node) + ": " + left.reason);
}

// A library that gets further functions has to say which are those of the original.
OriginRecord naming_functions(OriginRecord origin, const Library& library) {
  if (origin.has_functions) return origin;
  origin.has_functions = true;
  origin.beside_functions = library.other().bytes();
  for (const FunctionDef& function : library.functions()) origin.functions.push_back({function.name, {}, {}});
  return origin;
}

class Drafting {
 public:
  Drafting(const Rewritten& rewritten, const Model& model, const Destination& files,
           const ThawOptions& options)
      : rewritten_(rewritten),
        functional_(*rewritten.functional),
        model_(model),
        files_(files),
        options_(options) {}

  SavedModelDraft run() {
    saved_ = list_variables(rewritten_);
    std::vector<SavedSignature> signatures = signatures_of(rewritten_);
    FormedObjects formed = form(signatures);
    std::erase_if(signatures, [&](const SavedSignature& signature) {
      return std::ranges::find(formed.incomplete, signature.name) != formed.incomplete.end();
    });
    done_.report.objects = formed.form.has_value();
    done_.report.incomplete = std::move(formed.incomplete);
    report_signatures(*functional_.graph, signatures, done_.report);
    report_raised(functional_.raised, done_.report);
    is_session_graph_ = formed.form.has_value() || !functional_.differs;
    if (formed.form) {
      done_.report.methods = formed.form->methods;
      done_.report.trains = formed.form->trains;
      done_.contents = contents_of(rewritten_.plan, saved_, formed.form->objects);
    } else {
      done_.report.why_plain = "node " + thaw::quoted(formed.why->node) + ": " + formed.why->reason;
      done_.contents = rewritten_.plan.checkpoint;
    }
    write(std::move(formed), signatures);
    return std::move(done_);
  }

 private:
  FormedObjects form(const std::vector<SavedSignature>& signatures) const {
    const Graph& graph = *functional_.graph;
    std::optional<TrainingGraph> training;
    if (functional_.training) training.emplace(TrainingGraph{*functional_.training, functional_.updates});
    return form_objects(graph, *functional_.library, signatures, saved_.variables,
                        effects_of(graph, options_), training ? &*training : nullptr);
  }

  // Sessions keep the graph with contexts; where nothing but the graph says what it does, TensorFlow 2 has to
  // run it, too.
  void write(FormedObjects formed, const std::vector<SavedSignature>& signatures) {
    Draft draft = is_session_graph_ ? rewritten_.draft : Draft(functional_.graph);
    MetaGraphParts parts = is_session_graph_ ? rewritten_.parts : functional_.parts;
    parts.tags = {"serve"};
    if (is_session_graph_) parts.main_op = add_main_op(draft, parts.locals);
    done_.assets =
        find_assets(model_, files_, [&](const std::string& node) { return draft.find(node) != kNoNode; });
    parts.assets = done_.assets.named;
    parts.signatures.clear();
    for (const SavedSignature& signature : signatures)
      parts.signatures.push_back(encode_signature_def(*functional_.graph, signature));
    if (formed.form) {
      parts.origin = encode_origin(naming_functions(rewritten_.origin, *rewritten_.library));
      Recipe functions = functional_.library->fields();
      for (const FunctionDef& function : formed.form->functions) functions.add(encode_function(function));
      draft.set_rest(functional_.library->rest_with(std::move(functions)));
      parts.object_graph = std::move(formed.form->objects.saved);
    }
    done_.file = make_saved_model(draft, parts);
    if (is_session_graph_) done_.session = std::move(draft);
  }

  const Rewritten& rewritten_;
  const FunctionalGraph& functional_;
  const Model& model_;
  const Destination& files_;
  const ThawOptions& options_;
  SavedVariables saved_;
  bool is_session_graph_ = true;
  SavedModelDraft done_;
};

}  // namespace

SavedModelDraft draft_saved_model(const Rewritten& rewritten, const Model& model, const Destination& files,
                                  const ThawOptions& options) {
  SavedModelDraft done = Drafting(rewritten, model, files, options).run();
  check_size(done.file.size(), "saved_model.pb");
  return done;
}

}  // namespace thaw::internal
