#include "verbs/inspect_graph.h"

#include <algorithm>
#include <array>
#include <map>

#include "model/origin.h"
#include "model/producer.h"
#include "ops/op_table.h"
#include "thaw/error.h"
#include "verbs/graph_endpoints.h"
#include "verbs/graph_weights.h"
#include "verbs/scope_tree.h"
#include "verbs/training_readiness.h"
#include "weights/tool_marks.h"

namespace thaw::internal {

namespace {

OpGradient gradient_of(Bytes op, const Library& library) {
  const OpInfo* info = find_op(op);
  if (info == nullptr) return library.find(op) == kNoFunction ? OpGradient::unknown : OpGradient::passes;
  switch (info->gradient) {
    case Gradient::none:  // nobody asks for that of an operation that takes nothing
      return info->inputs.empty() ? OpGradient::stops : OpGradient::none;
    case Gradient::registered:
      return OpGradient::passes;
    case Gradient::not_differentiable:
      return OpGradient::stops;
  }
  return OpGradient::unknown;
}

class GraphInspector {
 public:
  GraphInspector(const Model& model, StoredSet* stored, const InspectOptions& options, NameFilter& filter)
      : model_(model),
        graph_(*model.graph),
        library_(graph_),
        stored_(stored),
        options_(options),
        filter_(filter) {}

  GraphInspection run() {
    origin();
    tools();
    nodes();
    constants();
    GraphEndpoints endpoints = find_endpoints(model_);
    GraphWeights weights = find_graph_weights(model_, library_, stored_);
    told_.training = find_readiness(weights.view, library_, weights.trained, endpoints.outputs);
    told_.training.control_flow = std::move(weights.control_flow);
    told_.kept_count = weights.kept_count;
    told_.unsure = std::move(weights.unsure);
    told_.refusal = std::move(weights.refusal);
    told_.warnings = std::move(weights.warnings);
    std::ranges::move(endpoints.warnings, std::back_inserter(told_.warnings));
    totals(weights.weights);
    if (options_.tree_depth) scopes(weights.weights);
    list_endpoints(std::move(endpoints));
    list_weights(weights);
    return std::move(done_);
  }

 private:
  void origin() {
    const Envelope& envelope = model_.envelope;
    told_.tags = envelope.tags;
    told_.tensorflow_version = envelope.tensorflow_version;
    told_.tensorflow_git_version = envelope.tensorflow_git_version;
    told_.producer = graph_.producer();
    if (!envelope.tensorflow_version.empty()) {
      told_.made_by = "TensorFlow " + envelope.tensorflow_version;
    } else if (told_.producer) {
      told_.made_by = tensorflow_of_producer(*told_.producer);
    }
  }

  void tools() {
    for (ToolMark& mark : find_tool_marks(graph_))
      told_.tools.push_back({mark.tool, mark.mark, mark.count, std::move(mark.example)});
    // What Keras calls its objects (keras/saving/legacy/saved_model/constants.py).
    if (model_.envelope.object_graph.find("_tf_keras_") != std::string::npos)
      told_.tools.insert(told_.tools.begin(), {"Keras", "objects in the SavedModel", 0, ""});
    if (model_.kind == FileKind::memmapped_package)
      told_.tools.push_back({"convert_graphdef_memmapped_format", "the package", 0, ""});
    const bool thawed = std::ranges::any_of(model_.envelope.collections, [](const NamedMessage& collection) {
      return collection.name == kOriginCollection;
    });
    if (thawed) told_.tools.push_back({"Thaw", "the way back to the frozen graph", 0, ""});
  }

  void nodes() {
    std::map<Bytes, InspectedOp> ops;
    told_.nodes = graph_.node_count();
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (filter_.takes({graph_.name(id)})) ++ops[graph_.op(id)].nodes;
    }
    told_.functions = library_.functions().size();
    for (const FunctionDef& function : library_.functions()) {
      told_.function_nodes += function.nodes.size();
      for (const FunctionNode& node : function.nodes) {
        if (filter_.takes_all() || filter_.takes({node.node.name})) ++ops[node.node.op].nodes_of_functions;
      }
    }
    for (auto& [op, row] : ops) {
      row.op = op;
      row.gradient = gradient_of(op, library_);
      told_.ops.push_back(row);
    }
  }

  void constants() {
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (graph_.op(id) != "Const") continue;
      ++told_.constants.tensors;
      const TensorHead head = graph_.tensor_head(id, "value").value_or(TensorHead{});
      const auto numbers = static_cast<std::uint64_t>(head.shape.element_count().value_or(0));
      told_.constants.numbers += numbers;
      told_.constants.bytes += numbers * element_size(head.dtype);
    }
  }

  void totals(const std::vector<InspectedWeight>& weights) {
    for (const InspectedWeight& weight : weights) {
      InspectedTotal& total = weight.role == Role::trainable   ? told_.trainable
                              : weight.role == Role::statistic ? told_.statistic
                                                               : told_.state;
      ++total.tensors;
      total.numbers += static_cast<std::uint64_t>(weight.shape.element_count().value_or(0));
      total.bytes += weight.bytes;
      told_.training.derived += weight.derived ? 1 : 0;
    }
  }

  void scopes(const std::vector<InspectedWeight>& weights) {
    ScopeTree tree(*options_.tree_depth);
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (filter_.takes({graph_.name(id)})) tree.add_node(graph_.name(id));
    }
    for (const InspectedWeight& weight : weights) {
      if (filter_.takes({weight.node}))
        tree.add_weight(weight.node, static_cast<std::uint64_t>(weight.shape.element_count().value_or(0)),
                        weight.bytes);
    }
    told_.scopes = tree.finish();
  }

  void filter_tensors(std::vector<InspectedTensor>& tensors) {
    std::erase_if(tensors, [&](const InspectedTensor& tensor) {
      return !filter_.takes({without_output(tensor.name)});
    });
  }

  void list_endpoints(GraphEndpoints endpoints) {
    filter_tensors(endpoints.inputs);
    filter_tensors(endpoints.outputs);
    for (InspectedSignature& signature : endpoints.signatures) {
      filter_tensors(signature.inputs);
      filter_tensors(signature.outputs);
    }
    told_.inputs = std::move(endpoints.inputs);
    told_.outputs = std::move(endpoints.outputs);
    told_.signatures = std::move(endpoints.signatures);
  }

  void list_weights(GraphWeights& found) {
    for (std::size_t i = 0; i < found.weights.size(); ++i) {
      InspectedWeight& weight = found.weights[i];
      bool wanted = filter_.takes({weight.name, weight.node});
      for (const std::string& key : weight.keys) wanted |= filter_.takes({key});
      if (!wanted) continue;
      told_.weights.push_back(std::move(weight));
      done_.values.push_back(std::move(found.values[i]));
    }
    std::erase_if(told_.unsure,
                  [&](const ReportedConstant& constant) { return !filter_.takes({constant.node}); });
  }

  const Model& model_;
  const Graph& graph_;
  const Library library_;
  StoredSet* stored_;
  const InspectOptions& options_;
  NameFilter& filter_;
  GraphInspection done_;
  InspectedGraph& told_ = done_.graph;
};

}  // namespace

GraphInspection inspect_graph(const Model& model, StoredSet* stored, const InspectOptions& options,
                              NameFilter& filter) {
  return GraphInspector(model, stored, options, filter).run();
}

}  // namespace thaw::internal
