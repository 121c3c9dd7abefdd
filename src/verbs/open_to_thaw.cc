#include "verbs/open_to_thaw.h"

#include <algorithm>
#include <set>

#include "io/blame.h"
#include "model/origin.h"
#include "model/variable_defs.h"
#include "ops/variable_op.h"
#include "subject/graph_variables.h"
#include "subject/open_subject.h"
#include "thaw/error.h"
#include "verbs/carried_names.h"
#include "verbs/freeze_graph.h"
#include "verbs/model_outputs.h"

namespace thaw::internal {

namespace {

bool is_of_saved_model(FileKind kind) {
  return kind == FileKind::saved_model || kind == FileKind::saved_model_text;
}

bool is_enveloped(FileKind kind) {
  return is_of_saved_model(kind) || kind == FileKind::meta_graph_def || kind == FileKind::meta_graph_def_text;
}

bool holds_variables(const Graph& graph) {
  return std::ranges::any_of(graph.ops(), [](Bytes op) { return is_variable_op(op); });
}

// Declared, and still there: collections that outlived freezing name constants, and variables that nothing
// declares are state that freezing left.
bool declares_variables(const Model& model) {
  const std::vector<std::string> names = declared_variables(model.envelope);
  return std::ranges::any_of(names, [&](const std::string& name) {
    const NodeId id = model.graph->find(name);
    return id != kNoNode && is_variable_op(model.graph->op(id));
  });
}

bool is_to_be_frozen(const Model& model) {
  return is_of_saved_model(model.kind) ? holds_variables(*model.graph) || !model.envelope.signatures.empty()
                                       : declares_variables(model);
}

// With its values where the file has a place, and without where it is bytes from somewhere.
Subject open_with_values(const SourcePtr& file, const Destination& files) {
  const std::filesystem::path place = file->path();
  if (!place.empty() && files.exists(place)) return open_subject(files, place);
  Subject subject;
  subject.path = file->name();
  subject.models = open_models(file);
  subject.files.emplace_back(file->name());
  subject.is_saved_model = is_of_saved_model(subject.models.front().kind);
  subject.format = name_of(subject.models.front().kind);
  return subject;
}

class FrozenOpener {
 public:
  FrozenOpener(const SourcePtr& file, const ModelWishes& wishes, const Destination& files)
      : wishes_(wishes),
        subject_(open_with_values(file, files)),
        model_(choose_model(subject_, wishes.tag_set)) {
    opened_ = {model_.kind, file, model_.graph, model_.envelope};
  }

  Model run() {
    if (is_to_be_frozen(model_)) freeze();
    if (opened_.graph->node_count() == 0)
      throw Error(ErrorKind::malformed, "is a graph without nodes", "at least one node");
    return std::move(opened_);
  }

 private:
  void freeze() {
    FreezeOptions options;
    options.outputs = outputs();
    options.signature = options.outputs.empty() ? wishes_.signature : "";
    const FrozenGraph frozen = freeze_graph(model_, subject_, options, ChangedVariables::keep);
    const SourcePtr source = frozen.draft.emit().as_replaying_source(opened_.file->name());
    opened_.graph = read_graph(source);
    keep_envelope();
    carry(frozen);
  }

  // A graph that Thaw wrote is led back to what it was thawed from, all of it.
  std::vector<std::string> outputs() {
    const Library library(*model_.graph);
    const bool is_ours = read_origin(model_.envelope).has_value();
    if (is_ours && wishes_.outputs.empty() && wishes_.signature.empty()) {
      kept_.signatures = model_.envelope.signatures;
      return {};
    }
    kept_ = find_model_outputs(model_, library, wishes_.outputs, wishes_.signature);
    return kept_.names;
  }

  // Contexts, savers and lists of variables are made anew.
  void keep_envelope() {
    Envelope& envelope = opened_.envelope;
    envelope.collections.clear();
    envelope.saver.clear();
    envelope.object_graph.clear();
    envelope.signatures = kept_.signatures;
    envelope.table_fillers = kept_.fillers;
  }

  void carry(const FrozenGraph& frozen) {
    auto carried = std::make_shared<CarriedVariables>();
    std::vector<GraphVariable> all = graph_variables(model_, subject_.values.get());
    std::map<NodeId, const GraphVariable*> by_node;
    for (const GraphVariable& variable : all) by_node.emplace(variable.node, &variable);
    const std::map<NodeId, std::string> names = names_of(frozen, by_node);
    const auto entry_of = [&](NodeId node, const Value& value) {
      const GraphVariable& variable = *by_node.at(node);
      const auto name = names.find(node);
      return CarriedVariable{value, variable.trainable, variable.place ? variable.keys.front() : "",
                             variable.place, name == names.end() ? "" : name->second};
    };
    std::set<std::string> taken(frozen.keys.begin(), frozen.keys.end());
    for (const VariableToFreeze& variable : frozen.variables) {
      const NodeId id = opened_.graph->find(frozen.draft.name(variable.node));
      if (id != kNoNode && opened_.graph->op(id) == "Const")
        carried->constants.emplace(id, entry_of(variable.node, variable.value));
    }
    for (const NodeId node : frozen.changed) {
      const GraphVariable& variable = *by_node.at(node);
      const Value value = variable_value(variable, *subject_.values);
      carried->state.emplace(opened_.graph->find(frozen.draft.name(node)), entry_of(node, value));
      taken.insert(variable.keys.begin(), variable.keys.end());
    }
    add_others(taken, *carried);
    if (subject_.values) carried->values_path = subject_.values->prefix().string();
    carried->left_out = frozen.pruned;
    carried->files = subject_.files;
    carried->warnings = kept_.warnings;
    warn_of_others(carried->warnings);
    opened_.carried = std::move(carried);
  }

  // Of a module of TensorFlow Hub the graph without tags does not train: norms keep their statistics.
  void warn_of_others(std::vector<std::string>& warnings) const {
    if (!wishes_.tag_set.empty() || !model_.envelope.tags.empty()) return;
    for (const Model& other : subject_.models) {
      if (other.envelope.tags.empty()) continue;
      warnings.push_back("this is its graph without tags; another is " + name_of_tags(other.envelope.tags) +
                         ": --tag-set " + escaped(joined_tags(other.envelope.tags)));
    }
  }

  static std::map<NodeId, std::string> names_of(const FrozenGraph& frozen,
                                                const std::map<NodeId, const GraphVariable*>& by_node) {
    std::vector<const GraphVariable*> kept;
    for (const VariableToFreeze& variable : frozen.variables) kept.push_back(by_node.at(variable.node));
    for (const NodeId node : frozen.changed) kept.push_back(by_node.at(node));
    return names_of_objects(kept);
  }

  // Keys of objects are paths that mean nothing in a checkpoint of names.
  void add_others(const std::set<std::string>& taken, CarriedVariables& carried) {
    if (!subject_.values || subject_.values->format() == "object checkpoint") return;
    for (const StoredEntry& entry : subject_.values->entries()) {
      const bool storable = element_size(entry.dtype) != 0 || entry.dtype == DType::string;
      if (storable && !taken.contains(entry.key))
        carried.others.push_back({entry.key, subject_.values->value(entry.key)});
    }
  }

  const ModelWishes& wishes_;
  Subject subject_;
  const Model& model_;
  Model opened_;
  ModelOutputs kept_;
};

Model naming_file(const SourcePtr& file, const auto& open) {
  try {
    return open();
  } catch (Error& error) {
    if (error.places().empty()) error.at(file->name());
    throw;
  }
}

Model opened(const SourcePtr& file, const ModelWishes& wishes, const Destination& files) {
  if (is_enveloped(sniff(*file))) return FrozenOpener(file, wishes, files).run();
  if (!wishes.tag_set.empty() || !wishes.signature.empty())
    throw Error(ErrorKind::usage,
                std::string(wishes.tag_set.empty() ? "--signature" : "--tag-set") + " for a plain graph",
                "a SavedModel or a MetaGraphDef", "leave it out");
  return open_model(file);
}

}  // namespace

Model open_to_thaw(const SourcePtr& file, const ModelWishes& wishes, const Destination& files) {
  return naming_file(
      file, [&] { return blaming(ErrorKind::input_io, [&] { return opened(file, wishes, files); }); });
}

}  // namespace thaw::internal
