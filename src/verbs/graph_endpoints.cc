#include "verbs/graph_endpoints.h"

#include <algorithm>
#include <array>
#include <set>

#include "draft/outputs.h"
#include "export/signature.h"
#include "model/signature_def.h"
#include "names/scopes.h"
#include "ops/variable_op.h"
#include "passes/shape_inference.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr Bytes kDefaultSignature = "serving_default";
// python/saved_model/constants.py: what a SavedModel runs when it is loaded.
constexpr Bytes kInitSignature = "__saved_model_init_op";

std::vector<InspectedTensor> tensors_of(const std::vector<SignatureTensor>& tensors, const std::string& why) {
  std::vector<InspectedTensor> list;
  for (const SignatureTensor& tensor : tensors)
    list.push_back({tensor.key, tensor.tensor, tensor.dtype, tensor.shape, why});
  return list;
}

void read_signatures(const Model& model, GraphEndpoints& found) {
  for (const NamedMessage& named : model.envelope.signatures) {
    if (named.name == kInitSignature) continue;
    const std::string why = "signature " + thaw::quoted(named.name);
    try {
      const SignatureDef signature = decode_signature_def(named.name, named.message);
      found.signatures.push_back({signature.name, signature.method, tensors_of(signature.inputs, why),
                                  tensors_of(signature.outputs, why)});
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::malformed) throw;
      found.warnings.push_back(why + " cannot be read: " + error.problem());
    }
  }
  std::ranges::sort(found.signatures, {}, &InspectedSignature::name);
}

const InspectedSignature* choose_signature(const std::vector<InspectedSignature>& signatures) {
  const auto named = std::ranges::find(signatures, kDefaultSignature, &InspectedSignature::name);
  if (named != signatures.end()) return &*named;
  return signatures.empty() ? nullptr : &signatures.front();
}

// Nodes that train, save, restore, initialise or watch: loose ends of every graph that was not frozen.
bool is_upkeep(Bytes op) {
  constexpr auto kOps = std::to_array<Bytes>({"SaveV2",
                                              "SaveSlices",
                                              "Save",
                                              "RestoreV2",
                                              "RestoreSlice",
                                              "Restore",
                                              "MergeV2Checkpoints",
                                              "ShardedFilename",
                                              "MergeSummary",
                                              "ScalarSummary",
                                              "HistogramSummary",
                                              "ImageSummary",
                                              "AudioSummary",
                                              "AudioSummaryV2",
                                              "TensorSummary",
                                              "TensorSummaryV2",
                                              "IsVariableInitialized",
                                              "VarIsInitializedOp",
                                              "ReportUninitializedVariables",
                                              "DestroyResourceOp",
                                              "ControlTrigger"});
  return op.starts_with("Assign") || op.starts_with("Apply") || op.starts_with("ResourceApply") ||
         op.starts_with("ResourceSparseApply") || op.starts_with("SparseApply") ||
         op.starts_with("Scatter") || op.starts_with("ResourceScatter") || op.starts_with("Initialize") ||
         std::ranges::find(kOps, op) != kOps.end();
}

using Scopes = std::set<std::string, std::less<>>;

// "save" of "save/SaveV2": all that is below it serves the Saver.
Scopes saver_scopes(const Graph& graph) {
  Scopes scopes;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    const Bytes op = graph.op(id);
    if (op == "SaveV2" || op == "SaveSlices" || op == "Save") scopes.emplace(parent_scope(graph.name(id)));
  }
  scopes.erase("");
  return scopes;
}

// Slots of optimizers are variables that nobody reads.
bool reads_variable(const Graph& graph, NodeId id) {
  return graph.op(id) == "Identity" && !graph.inputs(id).empty() &&
         is_variable_op(graph.op(graph.inputs(id)[0].node));
}

bool is_inside(const Scopes& scopes, Bytes name) {
  return std::ranges::any_of(scopes, [&](const std::string& scope) { return is_below(name, scope); });
}

// The node of a tensor that was named after it: of any name, also one that no input could be written with.
NodeId node_of(const Graph& graph, Bytes tensor) { return graph.find(tensor.substr(0, tensor.rfind(':'))); }

void read_inputs(const Graph& graph, const Signature& signature, const Scopes& savers,
                 GraphEndpoints& found) {
  for (const Endpoint& input : signature.inputs)
    found.inputs.push_back(
        {"", input.tensor, input.dtype, input.shape, std::string(graph.op(node_of(graph, input.tensor)))});
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.op(id) != "PlaceholderWithDefault" || is_inside(savers, graph.name(id))) continue;
    found.inputs.push_back({"", tensor_name(graph.name(id), 0),
                            graph.type_attr(id, "dtype").value_or(DType::invalid), Shape::of_unknown_rank(),
                            std::string(graph.op(id))});
  }
}

void find_in_graph(const Graph& graph, const Signature& signature, GraphEndpoints& found) {
  const Scopes savers = saver_scopes(graph);
  read_inputs(graph, signature, savers, found);
  for (const Endpoint& output : signature.outputs) {
    const NodeId id = node_of(graph, output.tensor);
    if (is_upkeep(graph.op(id)) || reads_variable(graph, id) || is_inside(savers, graph.name(id))) continue;
    found.outputs.push_back({"", output.tensor, output.dtype, output.shape, "no other node takes it"});
  }
}

// Freezers leave placeholders behind that nothing takes any more.
void tell_unused(const Graph& graph, std::vector<InspectedTensor>& inputs) {
  const auto is_used = [&](const InspectedTensor& input) {
    return std::ranges::any_of(graph.consumers(node_of(graph, input.name)),
                               [](const Edge& consumer) { return !consumer.is_control(); });
  };
  const auto unused = std::ranges::stable_partition(inputs, is_used);
  for (InspectedTensor& input : unused) input.why += ", taken by nothing";
}

void infer_missing_shapes(const Graph& graph, const Signature& placeholders, GraphEndpoints& found) {
  const auto is_missing = [](const InspectedTensor& tensor) { return tensor.shape.unknown_rank(); };
  const bool any =
      std::ranges::any_of(found.inputs, is_missing) || std::ranges::any_of(found.outputs, is_missing);
  if (!any) return;
  // Their shapes as old graphs mean them.
  DeclaredShapes declared;
  for (const Endpoint& input : placeholders.inputs)
    declared.emplace(node_of(graph, input.tensor), input.shape);
  const InferredShapes shapes = infer_shapes(graph, declared);
  for (auto* tensors : {&found.inputs, &found.outputs}) {
    for (InspectedTensor& tensor : *tensors) {
      const InputName name = parse_input(tensor.name);
      const NodeId id = node_of(graph, tensor.name);
      if (is_missing(tensor) && id != kNoNode) tensor.shape = shapes.shape(id, name.output);
    }
  }
}

}  // namespace

GraphEndpoints find_endpoints(const Model& model) {
  GraphEndpoints found;
  const Graph& graph = *model.graph;
  const Signature by_graph = find_signature(Draft(model.graph), {});
  read_signatures(model, found);
  if (const InspectedSignature* chosen = choose_signature(found.signatures)) {
    found.inputs = chosen->inputs;
    found.outputs = chosen->outputs;
    return found;
  }
  find_in_graph(graph, by_graph, found);
  tell_unused(graph, found.inputs);
  infer_missing_shapes(graph, by_graph, found);
  return found;
}

}  // namespace thaw::internal
