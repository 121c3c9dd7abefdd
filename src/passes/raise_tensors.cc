#include "passes/raise_tensors.h"

#include "draft/outputs.h"
#include "messages/attr_value.h"
#include "model/flat_output.h"
#include "ops/op_table.h"
#include "passes/raise_shapes.h"

namespace thaw::internal {

namespace {

// An encoded AttrValue.
constexpr std::size_t kSmallConstant = 512;

}  // namespace

RaiseTensors::RaiseTensors(const Contexts& contexts, const Library& library, const RaiseOutside& outside)
    : contexts_(contexts),
      library_(library),
      outside_(outside.nodes.begin(), outside.nodes.end()),
      copies_(outside.copies) {}

bool RaiseTensors::leads_in(NodeId node) const {
  const FlowKind kind = contexts_.structure().kind(node);
  return kind == FlowKind::enter || kind == FlowKind::branch || kind == FlowKind::loop_cond;
}

Edge RaiseTensors::origin(Edge tensor) {
  std::vector<NodeId> way;
  while (leads_in(tensor.node)) {
    const auto [known, is_new] = origins_.try_emplace(tensor.node, tensor);
    if (!is_new) {
      tensor = known->second;
      break;
    }
    way.push_back(tensor.node);
    tensor = draft().inputs_now(tensor.node)[0];
  }
  if (const auto copy = copies_.find(tensor.node); copy != copies_.end()) tensor.node = copy->second;
  for (const NodeId id : way) origins_[id] = tensor;
  if (way.size() == 1) {
    const std::optional<DType> type = draft().type_attr(way.front(), "T");
    if (type) led_in_.try_emplace(key_of(tensor), *type);
  }
  return tensor;
}

ContextId RaiseTensors::home(NodeId node) const {
  if (is_outside(node)) return kRootContext;
  const ContextId own = contexts_.of(node);
  return contexts_.structure().kind(node) == FlowKind::exit ? contexts_.tree().outer(own) : own;
}

bool RaiseTensors::is_variable_of(ContextId loop, const Edge& origin) const {
  return contexts_.structure().is_loop_merge(origin.node) && contexts_.of(origin.node) == loop;
}

bool RaiseTensors::is_copied(NodeId node) const {
  if (draft().op(node) != "Const" || is_outside(node)) return false;
  const Graph& base = draft().base();
  if (node < base.node_count() && base.has_large_tensor(node)) return false;
  return draft().attr(node, "value").value_or("").size() <= kSmallConstant;
}

DType RaiseTensors::type(const Edge& origin) const {
  const FlowKind kind = contexts_.structure().kind(origin.node);
  if (kind == FlowKind::merge && origin.port == 1) return DType::int32;
  if (kind == FlowKind::merge || kind == FlowKind::exit)
    return draft().type_attr(origin.node, "T").value_or(DType::invalid);
  const std::size_t function = library_.find(draft().op(origin.node));
  if (const auto led = led_in_.find(key_of(origin)); led != led_in_.end()) return led->second;
  if (function == kNoFunction) return output_type(draft(), origin);
  const std::vector<FunctionArg>& outputs = library_.functions()[function].outputs;
  return origin.port < outputs.size() ? outputs[origin.port].type : DType::invalid;
}

void RaiseTensors::learn_shapes() { shapes_ = std::make_shared<const RaiseShapes>(draft()); }

Shape RaiseTensors::shape(const Edge& origin) const {
  return shapes_ ? shapes_->shape(origin) : Shape::of_unknown_rank();
}

std::optional<std::string> RaiseTensors::in_function(const Edge& origin) const {
  const Bytes op = draft().op(origin.node);
  const std::string name = draft().name(origin.node);
  if (const std::size_t function = library_.find(op); function != kNoFunction) {
    const std::vector<FunctionArg>& outputs = library_.functions()[function].outputs;
    if (origin.port >= outputs.size()) return std::nullopt;
    return name + ":" + outputs[origin.port].name + ":0";
  }
  const OpInfo* info = find_op(op);
  if (info == nullptr) return std::nullopt;
  if (!info->outputs.all_single()) return named_output(draft().node_def(origin.node), origin.port);
  if (origin.port >= info->outputs.size()) return std::nullopt;
  return name + ":" + std::string(info->outputs[origin.port].name) + ":0";
}

bool RaiseTensors::is_stateful(NodeId node) const {
  const Bytes op = draft().op(node);
  const OpInfo* info = find_op(op);
  return info == nullptr || info->stateful || library_.find(op) != kNoFunction;
}

bool RaiseTensors::holds_up(NodeId node) {
  const auto is_group = [&](NodeId id) { return draft().op(id) == "NoOp"; };
  std::vector<NodeId> work{node};
  std::vector<NodeId> seen;
  bool found = false;
  while (!work.empty() && !found) {
    const NodeId id = work.back();
    work.pop_back();
    if (!is_group(id)) {
      const FlowKind kind = contexts_.structure().kind(id);
      const bool computes = kind == FlowKind::other && !is_waited_for_in_vain(id);
      found = computes && is_stateful(id);
      continue;
    }
    const auto [known, is_new] = holds_up_.try_emplace(id, false);
    found = known->second;
    if (!is_new) continue;
    seen.push_back(id);
    for (const Edge& input : draft().inputs_now(id)) work.push_back(input.node);
  }
  for (const NodeId id : seen) {
    if (!found) break;
    holds_up_.erase(id);
  }
  if (found && is_group(node)) holds_up_[node] = true;
  return found;
}

bool RaiseTensors::is_waited_for_in_vain(NodeId node) const {
  const FlowStructure& structure = contexts_.structure();
  const FlowKind kind = structure.kind(node);
  if (leads_in(node) || kind == FlowKind::next || structure.is_loop_merge(node)) return true;
  if (kind == FlowKind::identity) {
    const auto inputs = draft().inputs_now(node);
    return !inputs.empty() && !inputs[0].is_control() && leads_in(inputs[0].node);
  }
  return draft().op(node) == "Const";
}

}  // namespace thaw::internal
