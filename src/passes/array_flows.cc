#include "passes/array_flows.h"

#include <algorithm>
#include <array>

namespace thaw::internal {

namespace {

constexpr std::uint32_t kHandle = 0, kFlow = 1;  // outputs of a TensorArrayV3

constexpr auto kArrayOps = std::to_array<ArrayOp>({{"TensorArrayClose", 1, kControl, false},
                                                   {"TensorArrayConcat", 2, 1, false},
                                                   {"TensorArrayGather", 3, 2, false},
                                                   {"TensorArrayPack", 2, 1, false},
                                                   {"TensorArrayRead", 3, 2, false},
                                                   {"TensorArrayScatter", 4, 3, true},
                                                   {"TensorArraySize", 2, 1, false},
                                                   {"TensorArraySplit", 4, 3, true},
                                                   {"TensorArrayUnpack", 3, 2, true},
                                                   {"TensorArrayWrite", 4, 3, true}});

}  // namespace

bool is_array_op(Bytes op) { return op == "TensorArrayV3" || op == "TensorArrayV2" || op == "TensorArray"; }

const ArrayOp* find_array_op(Bytes op) {
  if (op.ends_with("V2") || op.ends_with("V3")) op.remove_suffix(2);
  const auto found = std::ranges::find(kArrayOps, op, &ArrayOp::op);
  return found == kArrayOps.end() ? nullptr : &*found;
}

ArrayFlows::ArrayFlows(const Draft& draft, const Contexts& contexts) : draft_(draft), contexts_(contexts) {
  for (NodeId id = 0; id < draft.id_limit(); ++id) {
    if (!draft.is_removed(id) && is_array_op(draft.op(id))) arrays_.push_back({id, true, {}, {}, {}, {}});
  }
  for (Number number = 0; number < arrays_.size(); ++number) follow_handle(number);
  for (Number number = 0; number < arrays_.size(); ++number) find_begin(number);
  for (Number number = 0; number < arrays_.size(); ++number) follow_flow(number);
  for (Number number = 0; number < arrays_.size(); ++number) check_flows(arrays_[number], number);
}

void ArrayFlows::lead(std::vector<Edge>& work, NodeId node) {
  work.push_back({node, 0});
  if (contexts_.structure().kind(node) == FlowKind::branch) work.push_back({node, 1});
}

// A handle comes from one array: what chooses between several, or changes from round to round, is no way for
// it.
void ArrayFlows::follow_handle(Number number) {
  Array& array = arrays_[number];
  std::vector<Edge> work{{array.node, kHandle}};
  while (!work.empty()) {
    const Edge tensor = work.back();
    work.pop_back();
    if (!handles_.try_emplace(key_of(tensor), number).second) continue;
    for (const Edge& consumer : draft_.consumers_of(tensor)) {
      const FlowKind kind = contexts_.structure().kind(consumer.node);
      const bool leads = kind == FlowKind::enter || kind == FlowKind::branch || kind == FlowKind::identity;
      const ArrayOp* op = find_array_op(draft_.op(consumer.node));
      if (consumer.port != 0 || (!leads && op == nullptr)) {
        array.is_whole = false;
      } else if (leads) {
        array.led_handle.push_back(consumer.node);
        lead(work, consumer.node);
      } else {
        array.is_whole &= data_input_count(draft_.inputs_now(consumer.node)) == op->data_inputs;
        by_op_[consumer.node] = number;
        array.ops.push_back(consumer.node);
      }
    }
  }
}

// Back from whatever takes the flow, to the one constant that it is before anything was written.
void ArrayFlows::find_begin(Number number) {
  Array& array = arrays_[number];
  if (draft_.op(array.node) == "TensorArrayV3") {
    array.begin = {array.node, kFlow};
    return;
  }
  std::vector<Edge> work;
  std::unordered_set<std::uint64_t> seen;
  for (const NodeId op : array.ops) {
    const std::uint32_t slot = find_array_op(draft_.op(op))->flow_in;
    if (slot < data_input_count(draft_.inputs_now(op))) work.push_back(draft_.inputs_now(op)[slot]);
  }
  while (!work.empty()) {
    const Edge tensor = work.back();
    work.pop_back();
    if (!seen.insert(key_of(tensor)).second || by_op_.contains(tensor.node)) continue;
    if (draft_.op(tensor.node) == "Const") {
      array.is_whole &= array.begin.node == kNoNode && contexts_.of(tensor.node) == contexts_.of(array.node);
      array.begin = tensor;
      continue;
    }
    const auto inputs = draft_.inputs_now(tensor.node);
    const auto data = data_input_count(inputs);
    const bool joins = contexts_.structure().kind(tensor.node) == FlowKind::merge;
    for (const Edge& input : inputs.first(joins ? data : std::min(data, 1U))) work.push_back(input);
  }
}

void ArrayFlows::follow_flow(Number number) {
  Array& array = arrays_[number];
  std::vector<Edge> work;
  if (array.begin.node != kNoNode) work.push_back(array.begin);
  for (const NodeId op : array.ops) {
    if (find_array_op(draft_.op(op))->gives_flow) work.push_back({op, 0});
  }
  while (!work.empty()) {
    const Edge tensor = work.back();
    work.pop_back();
    const auto [known, is_new] = flows_.try_emplace(key_of(tensor), number);
    if (!is_new) {
      if (known->second != number) array.is_whole = arrays_[known->second].is_whole = false;
      continue;
    }
    for (const Edge& consumer : draft_.consumers_of(tensor)) {
      const FlowKind kind = contexts_.structure().kind(consumer.node);
      const ArrayOp* op = find_array_op(draft_.op(consumer.node));
      if (op != nullptr) {
        const auto owner = by_op_.find(consumer.node);
        array.is_whole &= consumer.port == op->flow_in && owner != by_op_.end() && owner->second == number;
      } else if (kind == FlowKind::other || kind == FlowKind::loop_cond ||
                 (kind == FlowKind::branch && consumer.port != 0)) {
        array.is_whole = false;
      } else {
        array.led_flow.push_back(consumer.node);
        lead(work, consumer.node);
      }
    }
  }
  std::ranges::sort(array.led_flow);
  const auto rest = std::ranges::unique(array.led_flow);
  array.led_flow.erase(rest.begin(), rest.end());
}

void ArrayFlows::check_flows(Array& array, Number number) {
  const auto is_flow = [&](const Edge& tensor) {
    const auto found = flows_.find(key_of(tensor));
    return found != flows_.end() && found->second == number;
  };
  for (const NodeId id : array.ops) {
    const std::uint32_t slot = find_array_op(draft_.op(id))->flow_in;
    const auto inputs = draft_.inputs_now(id);
    if (slot != kControl && slot < data_input_count(inputs)) array.is_whole &= is_flow(inputs[slot]);
  }
  for (const NodeId id : array.led_flow) {
    if (contexts_.structure().kind(id) != FlowKind::merge) continue;
    for (const Edge& input : draft_.inputs_now(id)) array.is_whole &= input.is_control() || is_flow(input);
  }
  array.is_whole &= has_one_writer(array);
}

// An array is one thing whoever writes to it; of a list each writer has its own copy.
bool ArrayFlows::has_one_writer(const Array& array) {
  std::unordered_set<std::uint64_t> written;
  for (const NodeId id : array.ops) {
    const ArrayOp* op = find_array_op(draft_.op(id));
    const auto inputs = draft_.inputs_now(id);
    if (!op->gives_flow || op->flow_in >= inputs.size()) continue;
    if (!written.insert(key_of(state_of(inputs[op->flow_in]))).second) return false;
  }
  return true;
}

Edge ArrayFlows::state_of(Edge flow) {
  const FlowStructure& structure = contexts_.structure();
  while (structure.kind(flow.node) == FlowKind::identity || structure.is_constant_enter(flow.node)) {
    const auto inputs = draft_.inputs_now(flow.node);
    if (inputs.empty() || inputs[0].is_control()) break;
    flow = inputs[0];
  }
  return flow;
}

}  // namespace thaw::internal
