#include "weights/data_flow.h"

#include <unordered_map>

#include "ops/op_slots.h"
#include "ops/op_table.h"
#include "ops/weight_slots.h"

namespace thaw::internal {

namespace {

bool is_constant_op(Bytes op) { return op == "Const" || op == "ImmutableConst" || op == "NoOp"; }

// A node whose value is new in each run whatever its inputs are: fed, drawn, read from state, or carried
// around a loop.
bool is_source(const Graph& graph, NodeId id) {
  const Bytes op = graph.op(id);
  if (is_constant_op(op)) return false;
  if (op == "Merge" || op == "RefMerge" || is_random(op)) return true;
  std::size_t data_inputs = 0;
  for (const Edge& input : graph.inputs(id)) data_inputs += input.is_control() ? 0 : 1;
  if (data_inputs == 0) return true;
  if (op == "PlaceholderWithDefault") return true;
  const OpInfo* info = find_op(op);
  // Calls are stateful by declaration only; what they depend on is what they are given.
  return info != nullptr && info->stateful && !is_call(op) && op != "ReadVariableOp" &&
         op != "AssignVariableOp";
}

bool has_weight_slot(Bytes op) {
  for (const std::uint32_t slot : {0u, 1u, 2u, 3u, 4u}) {
    const WeightSlot* row = find_weight_slot(op, slot);
    if (row != nullptr && (row->part == Part::kernel || row->part == Part::table)) return true;
  }
  return false;
}

// Of a few dozen operations, each of which occurs thousands of times.
class WeightedOps {
 public:
  bool contains(Bytes op) {
    const auto [known, is_new] = known_.try_emplace(op);
    if (is_new) known->second = has_weight_slot(op);
    return known->second;
  }

 private:
  std::unordered_map<Bytes, bool> known_;
};

void flood(const Graph& graph, std::vector<NodeId> work, std::vector<bool>& marked) {
  for (const NodeId id : work) marked[id] = true;
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    for (const Edge& consumer : graph.consumers(id)) {
      if (consumer.is_control() || marked[consumer.node]) continue;
      marked[consumer.node] = true;
      work.push_back(consumer.node);
    }
  }
}

}  // namespace

DataFlow::DataFlow(const Graph& graph) : data_(graph.node_count()), behind_(graph.node_count()) {
  std::vector<NodeId> sources, weighted;
  WeightedOps weighted_ops;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (is_source(graph, id)) sources.push_back(id);
    if (weighted_ops.contains(graph.op(id))) weighted.push_back(id);
  }
  has_data_ = !sources.empty();
  flood(graph, std::move(sources), data_);
  flood(graph, std::move(weighted), behind_);
}

}  // namespace thaw::internal
