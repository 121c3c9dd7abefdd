#include "export/saved_signatures.h"

#include <algorithm>

#include "model/flat_output.h"
#include "model/signature_def.h"
#include "ops/op_table.h"

namespace thaw::internal {

namespace {

// Nothing for what is not there any more: the second output of a Merge that became an If, for instance.
std::optional<Edge> edge_of(const Graph& graph, Bytes tensor) {
  if (tensor.empty() || tensor.starts_with('^')) return std::nullopt;
  const InputName name = parse_input(tensor);
  const NodeId id = graph.find(name.node);
  if (id == kNoNode) return std::nullopt;
  const bool known = find_op(graph.op(id)) != nullptr;
  if (known && !named_output(decode_node(graph.skeleton(id)), name.output)) return std::nullopt;
  return Edge{id, name.output};
}

bool add_side(const Graph& graph, const std::vector<SignatureTensor>& side, std::vector<NamedEdge>& edges) {
  for (const SignatureTensor& tensor : side) {
    const std::optional<Edge> edge = edge_of(graph, tensor.tensor);
    if (!edge || tensor.dtype == DType::invalid) return false;
    edges.push_back({tensor.key, *edge, tensor.dtype, tensor.shape});
  }
  return true;
}

void add_named(const Graph& graph, const std::vector<Endpoint>& endpoints, std::vector<NamedEdge>& edges) {
  PythonNames names;
  for (const Endpoint& endpoint : endpoints) {
    const bool flows = endpoint.dtype != DType::variant && endpoint.dtype != DType::resource;
    const std::optional<Edge> edge = edge_of(graph, endpoint.tensor);
    if (!edge || !flows) continue;
    edges.push_back({names.take(endpoint.key), *edge, endpoint.dtype, endpoint.shape});
  }
  std::ranges::sort(edges, {}, &NamedEdge::key);
}

std::vector<Endpoint> endpoints_of(const Graph& graph, const std::vector<NamedEdge>& edges) {
  std::vector<Endpoint> endpoints;
  for (const NamedEdge& edge : edges)
    endpoints.push_back(
        {edge.key, tensor_name(graph.name(edge.tensor.node), edge.tensor.port), edge.dtype, edge.shape});
  return endpoints;
}

}  // namespace

std::vector<SavedSignature> carried_signatures(const Graph& graph,
                                               const std::vector<NamedMessage>& messages) {
  std::vector<SavedSignature> carried;
  for (const NamedMessage& message : messages) {
    const SignatureDef decoded = decode_signature_def(message.name, message.message);
    SavedSignature signature{decoded.name, decoded.method, {}, {}};
    const bool whole = add_side(graph, decoded.inputs, signature.inputs) &&
                       add_side(graph, decoded.outputs, signature.outputs);
    if (whole && !signature.outputs.empty()) carried.push_back(std::move(signature));
  }
  std::ranges::sort(carried, {}, &SavedSignature::name);
  return carried;
}

SavedSignature own_signature(const Graph& graph, const Signature& signature) {
  SavedSignature made{"serving_default", std::string(kPredictMethod), {}, {}};
  add_named(graph, signature.outputs, made.outputs);
  std::vector<Edge> ends;
  for (const NamedEdge& output : made.outputs) ends.push_back(output.tensor);
  const std::vector<NodeId> behind = placeholders_behind(graph, ends);
  std::vector<Endpoint> inputs;
  for (const Endpoint& input : signature.inputs) {
    const std::optional<Edge> edge = edge_of(graph, input.tensor);
    if (edge && std::ranges::binary_search(behind, edge->node)) inputs.push_back(input);
  }
  add_named(graph, inputs, made.inputs);
  return made;
}

NamedMessage encode_signature_def(const Graph& graph, const SavedSignature& signature) {
  const Signature endpoints{endpoints_of(graph, signature.inputs), endpoints_of(graph, signature.outputs)};
  return {signature.name, encode_signature(endpoints, signature.method)};
}

}  // namespace thaw::internal
