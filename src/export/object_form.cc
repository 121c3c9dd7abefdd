#include "export/object_form.h"

#include <algorithm>
#include <unordered_map>

#include "draft/library_edit.h"
#include "messages/attr_value.h"
#include "messages/function_ref.h"

namespace thaw::internal {

namespace {

std::vector<ObjectTensor> tensors_of(const std::vector<NamedEdge>& edges) {
  std::vector<ObjectTensor> tensors;
  for (const NamedEdge& edge : edges) tensors.push_back({edge.key, edge.dtype, edge.shape});
  return tensors;
}

std::vector<DType> types_of(const std::vector<FunctionArg>& args) {
  std::vector<DType> types;
  for (const FunctionArg& arg : args) types.push_back(arg.type);
  return types;
}

// A function that calls another and gives what it gives: signatures take arguments by name and calls take
// them in order, and each concrete function says one of the two.
FunctionDef calling(const FunctionDef& inner, const std::string& name) {
  FunctionDef outer;
  outer.name = name;
  outer.inputs = inner.inputs;
  outer.outputs = inner.outputs;
  outer.signature_rest = inner.signature_rest;
  outer.rest = inner.rest;
  NodeDef call;
  call.name = "StatefulPartitionedCall";
  call.op = call.name;
  for (const FunctionArg& input : inner.inputs) call.inputs.push_back(input.name);
  call.set_attr("Tin", attr_of_types(types_of(inner.inputs)));
  call.set_attr("Tout", attr_of_types(types_of(inner.outputs)));
  call.set_attr("f", attr_of_function(inner.name));
  for (std::size_t i = 0; i < inner.outputs.size(); ++i)
    outer.returns.push_back({inner.outputs[i].name, call.name + ":output:" + std::to_string(i)});
  outer.nodes.push_back({std::move(call), {}});
  return outer;
}

SavedSignature in_graph(const Graph& from, const Graph& to, SavedSignature signature) {
  for (auto* edges : {&signature.inputs, &signature.outputs}) {
    for (NamedEdge& edge : *edges) edge.tensor.node = to.find(from.name(edge.tensor.node));
  }
  return signature;
}

// The updates of norms that the outputs need.
std::vector<NodeId> effects_of(const TrainingGraph& training, const SavedSignature& signature) {
  const Graph& graph = training.graph;
  const std::vector<bool> needed = nodes_behind(graph, signature.inputs, signature.outputs);
  std::vector<NodeId> effects;
  for (const StatisticUpdate& update : training.updates) {
    const NodeId norm = graph.find(update.norm);
    if (norm != kNoNode && needed[norm]) effects.push_back(graph.find(update.op));
  }
  return effects;
}

class Former {
 public:
  Former(const Graph& graph, const Library& library, const std::vector<ObjectVariable>& variables,
         const TrainingGraph* training)
      : graph_(graph), library_(library), training_(training) {
    objects_.variables = variables;
    for (std::size_t i = 0; i < variables.size(); ++i) numbers_.emplace(variables[i].name, i);
  }

  FormedObjects run(const std::vector<SavedSignature>& signatures, const std::vector<NodeId>& effects) {
    for (const SavedSignature& signature : signatures) {
      if (!done_.why) add_signature(signature);
    }
    for (const NodeId effect : effects) {
      if (!done_.why) add_method(effect);
    }
    if (!done_.why) add_training();
    if (done_.why) return std::move(done_);
    form_.objects = encode_objects(objects_);
    done_.form = std::move(form_);
    return std::move(done_);
  }

 private:
  void add_signature(const SavedSignature& signature) {
    Trace trace = trace_function(graph_, library_,
                                 {"__inference_" + signature.name, signature.inputs, signature.outputs, {}});
    if (!trace.missing.empty()) return done_.incomplete.push_back(signature.name);
    if (!accept(trace, graph_)) return;
    ObjectFunction function = keep(trace, graph_, signature);
    if (!objects_.call || signature.name == "serving_default") {
      objects_.call = {function, std::nullopt};
      called_ = &signature;
    }
    FunctionDef outer = calling(form_.functions.back(), "__inference_signature_wrapper_" + signature.name);
    outer.name = content_name(outer, library_);
    function.function = outer.name;
    form_.functions.push_back(std::move(outer));
    objects_.signatures.push_back({signature.name, std::move(function)});
    form_.signatures.push_back(signature.name);
  }

  // Where no norm is behind the outputs, training is what it is without.
  void add_training() {
    if (training_ == nullptr || called_ == nullptr) return;
    const SavedSignature signature = in_graph(graph_, training_->graph, *called_);
    const std::vector<NodeId> effects = effects_of(*training_, signature);
    if (effects.empty()) return;
    Trace trace = trace_function(
        training_->graph, library_,
        {"__inference_training_" + signature.name, signature.inputs, signature.outputs, effects});
    if (!trace.missing.empty() || !accept(trace, training_->graph)) return;
    objects_.call->training = keep(trace, training_->graph, signature);
    form_.trains = true;
  }

  // An operation that needs an input stays with the graph.
  void add_method(NodeId effect) {
    const std::string name(graph_.name(effect));
    Trace trace = trace_function(graph_, library_, {"__inference_" + name, {}, {}, {effect}});
    if (!trace.missing.empty() || !accept(trace, graph_)) return;
    ObjectFunction function = keep(trace, graph_, {});
    objects_.methods.push_back({method_names_.take(name), std::move(function)});
    form_.methods.push_back(objects_.methods.back().name);
  }

  bool accept(const Trace& trace, const Graph& graph) {
    done_.why = trace.why;
    if (done_.why) return false;
    for (const NodeId handle : trace.traced->captured) {
      const std::string name(graph.name(handle));
      if (!numbers_.contains(name)) done_.why = NoFunction{name, "a variable whose value nobody knows"};
    }
    return !done_.why;
  }

  ObjectFunction keep(Trace& trace, const Graph& graph, const SavedSignature& signature) {
    auto& [function, captured] = *trace.traced;
    function.name = content_name(function, library_);
    ObjectFunction made{function.name, tensors_of(signature.inputs), tensors_of(signature.outputs), {}};
    for (const NodeId handle : captured)
      made.captured.push_back(numbers_.at(std::string(graph.name(handle))));
    form_.functions.push_back(std::move(function));
    return made;
  }

  const Graph& graph_;
  const Library& library_;
  const TrainingGraph* training_;
  const SavedSignature* called_ = nullptr;
  std::unordered_map<std::string, std::size_t> numbers_;
  SavedObjects objects_;
  PythonNames method_names_;
  ObjectForm form_;
  FormedObjects done_;
};

}  // namespace

FormedObjects form_objects(const Graph& graph, const Library& library,
                           const std::vector<SavedSignature>& signatures,
                           const std::vector<ObjectVariable>& variables, const std::vector<NodeId>& effects,
                           const TrainingGraph* training) {
  return Former(graph, library, variables, training).run(signatures, effects);
}

}  // namespace thaw::internal
