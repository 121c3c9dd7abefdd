#include "verbs/prove_frozen.h"

#include "thaw/error.h"
#include "verbs/publish_file.h"

namespace thaw::internal {

namespace {

constexpr const char* kPromised = "the graph with constants for variables";

void prove_nodes(const Draft& draft, const Graph& graph) {
  const std::vector<NodeId> order = draft.order();
  if (graph.node_count() != order.size()) fail_proof("has another number of nodes", kPromised);
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.name(id) != draft.name_view(order[id]) || graph.op(id) != draft.op(order[id]))
      fail_proof("has another node for " + thaw::quoted(draft.name_view(order[id])), kPromised);
  }
}

}  // namespace

void prove_frozen(const FrozenGraph& frozen, const SourcePtr& written) {
  const std::shared_ptr<const Graph> graph = read_graph(written);
  prove_nodes(frozen.draft, *graph);
  for (const VariableToFreeze& variable : frozen.variables) {
    const Bytes name = frozen.draft.name_view(variable.node);
    const NodeId id = graph->find(name);
    const auto head = id == kNoNode ? std::nullopt : graph->tensor_head(id, "value");
    const bool same = head && graph->op(id) == "Const" && head->dtype == variable.value.dtype() &&
                      head->shape == variable.value.shape() && graph->type_attr(id, "dtype") == head->dtype;
    if (!same) fail_proof("has another constant for " + thaw::quoted(name), kPromised);
  }
  if (Library(*graph).functions().size() != frozen.functions.size())
    fail_proof("has another number of functions", kPromised);
}

}  // namespace thaw::internal
