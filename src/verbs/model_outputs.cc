#include "verbs/model_outputs.h"

#include <algorithm>
#include <set>

#include "model/table_filler.h"
#include "thaw/error.h"
#include "verbs/graph_ends.h"
#include "verbs/wanted_outputs.h"

namespace thaw::internal {

namespace {

bool is_placeholder(Bytes op) { return op == "Placeholder" || op == "PlaceholderV2"; }

// All that these nodes need; nothing behind those of `ends`.
std::vector<bool> needed_by(const Graph& graph, std::vector<NodeId> work, const std::set<NodeId>& ends) {
  std::vector<bool> needed(graph.node_count());
  for (const NodeId id : work) needed[id] = true;
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    if (ends.contains(id)) continue;
    for (const Edge& input : graph.inputs(id)) {
      if (needed[input.node]) continue;
      needed[input.node] = true;
      work.push_back(input.node);
    }
  }
  return needed;
}

class OutputFinder {
 public:
  OutputFinder(const Model& model, const Library& library)
      : model_(model), graph_(*model.graph), library_(library) {}

  ModelOutputs run(const std::vector<std::string>& outputs, const std::string& signature) {
    take_signatures(signature);
    if (!outputs.empty()) {
      find_wanted(graph_, outputs);
      found_.names = outputs;
      found_.signatures.clear();
      found_.warnings.clear();
    } else if (found_.names.empty()) {
      found_.names = graph_ends(graph_);
    }
    add_fillers();
    return std::move(found_);
  }

 private:
  void take_signatures(const std::string& only) {
    const std::vector<const NamedMessage*> all = signatures_of(model_);
    const auto is_it = [&](const NamedMessage* one) { return one->name == only; };
    if (!only.empty() && std::ranges::none_of(all, is_it)) fail_without_signature(all, only);
    std::set<std::string> seen;
    for (const NamedMessage* one : all) {
      if (!only.empty() && !is_it(one)) continue;
      const WantedOutputs wanted = read_signature(*one);
      const std::string lacks = missing_in(wanted);
      if (!lacks.empty()) {
        found_.warnings.push_back("signature " + thaw::quoted(one->name) + " is left out: " + lacks);
        continue;
      }
      found_.signatures.push_back(*one);
      for (const ReportedTensor& output : wanted.outputs) {
        if (seen.insert(output.name).second) found_.names.push_back(output.name);
      }
    }
  }

  // Why a signature is not complete; empty when it is.
  std::string missing_in(const WantedOutputs& signature) const {
    std::set<NodeId> fed;
    std::vector<NodeId> work;
    for (const std::vector<ReportedTensor>* tensors : {&signature.inputs, &signature.outputs}) {
      for (const ReportedTensor& tensor : *tensors) {
        const NodeId id = graph_.find(parse_input(tensor.name).node);
        if (id == kNoNode) return thaw::quoted(tensor.name) + " is not in the graph";
        if (tensors == &signature.inputs) fed.insert(id);
        if (tensors == &signature.outputs) work.push_back(id);
      }
    }
    const std::vector<bool> needed = needed_by(graph_, std::move(work), fed);
    for (NodeId id = 0; id < needed.size(); ++id) {
      if (needed[id] && is_placeholder(graph_.op(id)) && !fed.contains(id))
        return "it needs " + thaw::quoted(graph_.name(id)) + ", which is none of its inputs";
    }
    return "";
  }

  // Tables are filled by operations that nothing takes. Of those that fill a table in use.
  void add_fillers() {
    if (!has_tables(graph_)) return;
    std::vector<NodeId> work;
    for (const std::string& name : found_.names) {
      const NodeId id = graph_.find(parse_input(name).node);
      if (id != kNoNode) work.push_back(id);
    }
    const std::vector<bool> needed = needed_by(graph_, std::move(work), {});
    for (NodeId id = 0; id < needed.size(); ++id) {
      if (needed[id] || !may_fill_table(graph_.op(id), library_)) continue;
      if (!is_table_filler(graph_.node_def(id), library_)) continue;
      const auto in_use = [&](const Edge& input) { return !input.is_control() && needed[input.node]; };
      if (!std::ranges::any_of(graph_.inputs(id), in_use)) continue;
      found_.fillers.emplace_back(graph_.name(id));
      found_.names.emplace_back(graph_.name(id));
    }
  }

  const Model& model_;
  const Graph& graph_;
  const Library& library_;
  ModelOutputs found_;
};

}  // namespace

ModelOutputs find_model_outputs(const Model& model, const Library& library,
                                const std::vector<std::string>& outputs, const std::string& signature) {
  return OutputFinder(model, library).run(outputs, signature);
}

}  // namespace thaw::internal
