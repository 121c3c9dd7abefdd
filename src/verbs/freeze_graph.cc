#include "verbs/freeze_graph.h"

#include <algorithm>
#include <set>

#include "checkpoint/bundle_names.h"
#include "names/pattern.h"
#include "passes/clear_devices.h"
#include "passes/prune.h"
#include "passes/redeclare.h"
#include "subject/graph_variables.h"
#include "thaw/error.h"
#include "verbs/wanted_outputs.h"

namespace thaw::internal {

namespace {

[[noreturn]] void fail_without_values(const Subject& subject, const GraphVariable& variable) {
  const std::filesystem::path path = subject.path;
  const std::string looked_for =
      subject.is_saved_model ? variables_of(path).string() : prefix_of(path).string();
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
  GraphFreezer(const Model& model, const Subject& subject, const FreezeOptions& options)
      : model_(model),
        subject_(subject),
        options_(options),
        done_{std::make_shared<const Library>(*model.graph),
              Draft(model.graph),
              {},
              {},
              {},
              {},
              0,
              {},
              0,
              {},
              {},
              {}} {}

  FrozenGraph run() {
    const WantedOutputs outputs = choose_outputs(model_, options_.outputs, options_.signature);
    done_.signature = outputs.signature;
    const std::vector<NodeId> wanted = find_wanted(*model_.graph, outputs.outputs);
    const std::vector<GraphVariable> variables = graph_variables(model_, subject_.values.get());
    prune(draft(), wanted);
    done_.pruned = draft().changes().size();
    redeclare_inputs(draft(), options_.inputs);
    choose(variables);
    const std::vector<std::size_t> named_before = named_functions_of_graph();
    note_lost_waits();
    FrozenFunctions functions(*done_.library);
    freeze_variables(draft(), done_.variables, functions);
    finish_library(functions, named_before);
    if (options_.clear_devices) clear_devices(draft());
    done_.endpoints = find_signature(draft(), outputs.outputs);
    leave_inputs(outputs.inputs);
    return std::move(done_);
  }

 private:
  Draft& draft() { return done_.draft; }

  void choose(const std::vector<GraphVariable>& variables) {
    PatternSet keep("--keep-variables", options_.keep_variables);
    std::vector<Bytes> names;
    for (const GraphVariable& variable : variables) {
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
    if (has_value(subject_, variable)) return "";
    const NodeId change = find_change(draft(), variable.node);
    if (change == kNoNode) return "";
    return "no checkpoint has its value, and node " + thaw::quoted(draft().name_view(change)) + " changes it";
  }

  void take(const GraphVariable& variable) {
    if (!subject_.values) fail_without_values(subject_, variable);
    const Value value = variable_value(variable, *subject_.values);
    const auto key = std::ranges::find_if(
        variable.keys, [&](const std::string& name) { return subject_.values->find(name) != nullptr; });
    // Of a part only some bytes are read, and nothing is checked on the way.
    if (variable.place && checked_.insert(*key).second) subject_.values->check(*key);
    done_.variables.push_back({variable.node, value});
    done_.keys.push_back(*key);
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
    const bool is_object_form = !model_.envelope.object_graph.empty();
    FrozenLibrary library = functions.finish(named_functions_of_graph(), named_before, !is_object_form);
    done_.functions = std::move(library.functions);
    if (functions.empty() && done_.functions.size() == done_.library->functions().size()) return;
    draft().set_rest(std::move(library.rest));
    done_.function_changes = functions.changes();
    done_.functions_frozen = functions.count();
  }

  // Placeholders that are no inputs of the signature are not what is to be fed.
  void leave_inputs(const std::vector<std::string>& named) {
    if (named.empty()) return;
    const std::set<std::string> wanted(named.begin(), named.end());
    std::erase_if(done_.endpoints.inputs,
                  [&](const Endpoint& input) { return !wanted.contains(input.tensor); });
  }

  const Model& model_;
  const Subject& subject_;
  const FreezeOptions& options_;
  FrozenGraph done_;
  std::set<std::string> checked_;
};

}  // namespace

FrozenGraph freeze_graph(const Model& model, const Subject& subject, const FreezeOptions& options) {
  return GraphFreezer(model, subject, options).run();
}

}  // namespace thaw::internal
