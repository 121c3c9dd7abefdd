#include "weights/data_flow.h"

#include <algorithm>

#include "ops/op_slots.h"
#include "ops/op_table.h"
#include "ops/weight_slots.h"
#include "weights/loop_invariants.h"

namespace thaw::internal {

namespace {

// What an operation says about all of its nodes.
struct OpFlow {
  bool is_constant = false;
  bool is_source = false;    // its value is new in each run whatever its inputs are: fed, drawn, read from
                             // state, or carried around a loop
  bool is_weighted = false;  // a convolution, product or table
};

bool is_constant_op(Bytes op) { return op == "Const" || op == "ImmutableConst" || op == "NoOp"; }

bool is_source_op(Bytes op) {
  if (op == "Merge" || op == "RefMerge" || is_random(op) || op == "PlaceholderWithDefault") return true;
  const OpInfo* info = find_op(op);
  // Calls are stateful by declaration only; what they depend on is what they are given.
  return info != nullptr && info->stateful && !is_call(op) && op != "ReadVariableOp" &&
         op != "AssignVariableOp";
}

bool is_weighted_op(Bytes op) {
  for (const std::uint32_t slot : {0u, 1u, 2u, 3u, 4u}) {
    const WeightSlot* row = find_weight_slot(op, slot);
    if (row != nullptr && (row->part == Part::kernel || row->part == Part::table)) return true;
  }
  return false;
}

// Without data inputs a node that is no constant has its value from outside.
bool has_data_input(const Graph& graph, NodeId id) {
  return std::ranges::any_of(graph.inputs(id), [](const Edge& input) { return !input.is_control(); });
}

// It decides whether there is a value, not which.
bool is_predicate(const Graph& graph, const Edge& consumer) {
  return consumer.port == 1 &&
         (graph.op(consumer.node) == "Switch" || graph.op(consumer.node) == "RefSwitch");
}

void flood(const Graph& graph, std::vector<NodeId> work, std::vector<bool>& marked) {
  for (const NodeId id : work) marked[id] = true;
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    for (const Edge& consumer : graph.consumers(id)) {
      if (consumer.is_control() || marked[consumer.node] || is_predicate(graph, consumer)) continue;
      marked[consumer.node] = true;
      work.push_back(consumer.node);
    }
  }
}

}  // namespace

DataFlow::DataFlow(const Graph& graph) : data_(graph.node_count()), behind_(graph.node_count()) {
  std::vector<NodeId> sources, weighted;
  std::vector<OpFlow> flows;
  for (const Bytes op : graph.ops())
    flows.push_back({is_constant_op(op), is_source_op(op), is_weighted_op(op)});
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    const OpFlow& op = flows[graph.op_number(id)];
    const bool is_source = op.is_source ? !is_loop_invariant(graph, id) : !has_data_input(graph, id);
    if (!op.is_constant && is_source) sources.push_back(id);
    if (op.is_weighted) weighted.push_back(id);
  }
  has_data_ = !sources.empty();
  flood(graph, std::move(sources), data_);
  flood(graph, std::move(weighted), behind_);
}

}  // namespace thaw::internal
