#include "verbs/freeze_graph.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>

#include "checkpoint/bundle_names.h"
#include "export/signature.h"
#include "names/pattern.h"
#include "ops/variable_op.h"
#include "passes/clear_devices.h"
#include "passes/noted_shapes.h"
#include "passes/prune.h"
#include "passes/redeclare.h"
#include "passes/restore_functions.h"
#include "subject/graph_variables.h"
#include "thaw/error.h"
#include "verbs/wanted_outputs.h"

namespace thaw::internal {

namespace {

[[noreturn]] void fail_without_values(const Subject& subject, const GraphVariable& variable) {
  const std::filesystem::path path = subject.path;
  const bool is_file = subject.files.size() == 1 && subject.files.front() == path;
  const std::string looked_for = subject.is_saved_model
                                     ? variables_of(is_file ? path.parent_path() : path).string()
                                     : prefix_of(path).string();
  const std::string fault = subject.values_fault.empty() ? "" : " (" + subject.values_fault + ")";
  throw Error(
      ErrorKind::missing_values,
      "the graph has variable " + thaw::quoted(variable.name) + ", and its values were not found" + fault,
      "a checkpoint " + thaw::quoted(looked_for),
      "put the checkpoint beside the graph, under the name it was saved by");
}

bool has_value(const Subject& subject, const GraphVariable& variable) {
  const auto is_stored = [&](const std::string& key) { return subject.values->find(key) != nullptr; };
  return subject.values && std::ranges::any_of(variable.keys, is_stored);
}

class GraphFreezer {
 public:
  GraphFreezer(const Model& model, const Subject& subject, const FreezeOptions& options,
               ChangedVariables changed)
      : model_(model), subject_(subject), options_(options), changed_(changed), done_(model) {}

  FrozenGraph run() {
    variables_ = graph_variables(model_, subject_.values.get());
    for (std::size_t i = 0; i < variables_.size(); ++i) by_name_.emplace(variables_[i].name, i);
    const std::optional<OriginRecord> origin = read_origin(model_.envelope);
    if (origin) restore(*origin);
    const WantedOutputs outputs =
        choose_outputs(model_, done_.is_original ? origin->ends : options_.outputs, options_.signature);
    done_.signature = outputs.signature;
    const std::size_t before = draft().changes().size();
    prune(draft(), find_wanted(*model_.graph, outputs.names()));
    done_.pruned = draft().changes().size() - before;
    if (restored_) restore_library(*origin);
    redeclare_inputs(draft(), options_.inputs);
    choose();
    const std::vector<std::size_t> named_before = named_functions_of_graph();
    note_lost_waits();
    FrozenFunctions functions(*done_.library);
    freeze_variables(draft(), still_variables(), functions);
    finish_library(functions, named_before);
    if (!model_.envelope.tensorflow_version.empty()) forget_noted_shapes(draft());
    if (options_.clear_devices) clear_devices(draft());
    describe(outputs);
    if (restored_) restore_names(draft(), *origin);
    return std::move(done_);
  }

 private:
  Draft& draft() { return done_.draft; }

  // A graph that Thaw wrote, or TensorFlow after training it: back to the file that it was thawed from, all
  // of it unless somebody asks for other outputs.
  void restore(const OriginRecord& origin) {
    if (!options_.keep_variables.empty()) return;  // what is asked for is no file of constants
    done_.why_not_original = restore_origin(draft(), origin, values());
    restored_ = done_.why_not_original.empty();
    done_.is_original = restored_ && options_.outputs.empty() && options_.signature.empty();
  }

  // Once it is known which nodes stay.
  void restore_library(const OriginRecord& origin) {
    RestoredFunctions restored = restore_functions(draft(), origin, values());
    if (restored.library) done_.library = std::move(restored.library);
    for (const RestoredWeight& weight : restored.weights) {
      const GraphVariable* variable = find_variable(weight.variable);
      done_.in_functions.push_back(
          {weight.function, weight.node, stored_key(*variable), variable_value(*variable, *subject_.values)});
    }
  }

  ValueOf values() const {
    return [this](const std::string& name) -> std::optional<Value> {
      const GraphVariable* variable = find_variable(name);
      if (variable == nullptr || !has_value(subject_, *variable)) return std::nullopt;
      return variable_value(*variable, *subject_.values);
    };
  }

  const GraphVariable* find_variable(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &variables_[found->second];
  }

  const std::string& stored_key(const GraphVariable& variable) const {
    return *std::ranges::find_if(
        variable.keys, [&](const std::string& name) { return subject_.values->find(name) != nullptr; });
  }

  // Those that were not put back as constants.
  std::vector<VariableToFreeze> still_variables() const {
    std::vector<VariableToFreeze> still;
    for (const VariableToFreeze& variable : done_.variables) {
      if (is_variable_op(done_.draft.op(variable.node))) still.push_back(variable);
    }
    return still;
  }

  void choose() {
    PatternSet keep("--keep-variables", options_.keep_variables);
    std::vector<Bytes> names;
    for (const GraphVariable& variable : variables_) {
      if (draft().is_removed(variable.node)) continue;
      names.emplace_back(variable.name);
      const std::string why = reason_to_stay(variable, keep);
      if (!why.empty()) {
        done_.state.push_back({variable.name, why});
        continue;
      }
      take(variable);
    }
    keep.require_all_matched(names);
  }

  std::string reason_to_stay(const GraphVariable& variable, PatternSet& keep) {
    if (keep.matches(variable.name)) return "--keep-variables";
    if (variable.local) return "it is local: no checkpoint has its value";
    const bool has_one = has_value(subject_, variable);
    if (has_one && changed_ == ChangedVariables::refuse) return "";
    const NodeId change = find_change(draft(), variable.node, calls());
    if (change == kNoNode) return "";
    if (has_one) done_.changed.push_back(variable.node);
    return (has_one ? "node " : "no checkpoint has its value, and node ") +
           thaw::quoted(draft().name_view(change)) + " changes it";
  }

  // What functions change is looked for where a variable may stay for it.
  const ChangedArguments* calls() {
    if (changed_ == ChangedVariables::refuse || done_.library->functions().empty()) return nullptr;
    if (!calls_) calls_.emplace(*done_.library);
    return &*calls_;
  }

  void take(const GraphVariable& variable) {
    if (!subject_.values) fail_without_values(subject_, variable);
    const Value value = variable_value(variable, *subject_.values);
    const std::string& key = stored_key(variable);
    // Of a part only some bytes are read, and nothing is checked on the way.
    if (variable.place && checked_.insert(key).second) subject_.values->check(key);
    done_.variables.push_back({variable.node, value});
    done_.keys.push_back(key);
  }

  std::vector<std::size_t> named_functions_of_graph() {
    std::vector<std::size_t> named;
    if (done_.library->functions().empty()) return named;
    for (NodeId id = 0; id < draft().id_limit(); ++id) {
      if (draft().is_removed(id)) continue;
      const std::vector<std::size_t> more = named_functions(draft().node_def(id), *done_.library);
      named.insert(named.end(), more.begin(), more.end());
    }
    return named;
  }

  // TensorFlow's freezer makes reads that wait for nothing but their variable, and so does this.
  void note_lost_waits() {
    for (const VariableToFreeze& variable : done_.variables) {
      for (const Edge& taker : draft().consumers_now(variable.node)) {
        const auto inputs = draft().inputs_now(taker.node);
        const bool waits =
            !taker.is_control() && draft().op(taker.node) == "ReadVariableOp" && inputs.size() > 1;
        if (waits) done_.lost_waits.push_back(draft().name(taker.node));
      }
    }
  }

  // In the object form of TensorFlow 2 functions belong to objects, which a graph has none of.
  void finish_library(const FrozenFunctions& functions, const std::vector<std::size_t>& named_before) {
    if (restored_ && functions.empty()) {
      done_.functions.resize(done_.library->functions().size());
      std::iota(done_.functions.begin(), done_.functions.end(), std::size_t{0});
      return;
    }
    const bool is_object_form = !model_.envelope.object_graph.empty();
    FrozenLibrary library = functions.finish(named_functions_of_graph(), named_before, !is_object_form);
    done_.functions = std::move(library.functions);
    if (functions.empty() && done_.functions.size() == done_.library->functions().size()) return;
    draft().set_rest(std::move(library.rest));
    done_.function_changes = functions.changes();
    done_.functions_frozen = functions.count();
  }

  // What a signature says of its tensors; of outputs that were named what the graph says.
  void describe(const WantedOutputs& outputs) {
    if (!outputs.signature.empty()) {
      done_.inputs = outputs.inputs;
      done_.outputs = outputs.outputs;
      const auto is_gone = [&](const ReportedTensor& input) {
        return draft().find(parse_input(input.name).node) == kNoNode;
      };
      std::erase_if(done_.inputs, is_gone);
      if (options_.inputs.empty()) return;
    }
    const bool by_graph = done_.is_original;
    const Signature found = find_signature(draft(), by_graph ? std::vector<std::string>{} : outputs.names());
    if (!outputs.signature.empty()) return redeclare(found);
    for (const Endpoint& input : found.inputs)
      done_.inputs.push_back({input.tensor, input.dtype, input.shape});
    for (const Endpoint& output : found.outputs)
      done_.outputs.push_back({output.tensor, output.dtype, output.shape});
  }

  void redeclare(const Signature& found) {
    for (ReportedTensor& input : done_.inputs) {
      const auto placeholder = std::ranges::find(found.inputs, input.name, &Endpoint::tensor);
      if (placeholder != found.inputs.end()) input.shape = placeholder->shape;
    }
  }

  const Model& model_;
  const Subject& subject_;
  const FreezeOptions& options_;
  ChangedVariables changed_;
  std::optional<ChangedArguments> calls_;
  FrozenGraph done_;
  std::vector<GraphVariable> variables_;
  std::unordered_map<std::string, std::size_t> by_name_;  // indices of `variables_`
  bool restored_ = false;
  std::set<std::string> checked_;
};

}  // namespace

FrozenGraph freeze_graph(const Model& model, const Subject& subject, const FreezeOptions& options,
                         ChangedVariables changed) {
  return GraphFreezer(model, subject, options, changed).run();
}

Recipe write_frozen(const FrozenGraph& frozen) {
  constexpr std::uint64_t kLimit = 0x7FFFFFFF;
  Recipe file = frozen.draft.emit();
  if (file.size() <= kLimit) return file;
  throw Error(ErrorKind::unsupported, "the frozen file would have " + std::to_string(file.size()) + " bytes",
              "at most 2 GiB, which is all that TensorFlow can read",
              "deploy the checkpoint or a SavedModel, or leave large variables with --keep-variables");
}

}  // namespace thaw::internal
