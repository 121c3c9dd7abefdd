#include "passes/float_weights.h"

#include <algorithm>

#include "messages/attr_value.h"
#include "passes/node_templates.h"
#include "tensor/shape.h"
#include "tensor/tensor_proto.h"
#include "tensor/value_source.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::uint32_t kTensorContent = 4;

Recipe value_attr(const CompactWeight& weight) {
  const Value& value = weight.value;
  if (weight.is_repeated) {
    std::string element(element_size(value.dtype()), '\0');
    value.open()->read(std::as_writable_bytes(std::span(element)));
    return Recipe(attr_of_tensor(write_fill(value.dtype(), value.shape(), element)));
  }
  std::string head;
  MessageWriter(head)
      .integer(1, static_cast<std::int64_t>(value.dtype()))
      .bytes(2, encode_shape(value.shape()));
  append_header(head, kTensorContent, value.byte_size());
  std::string header;
  append_header(header, static_cast<std::uint32_t>(AttrKind::tensor), head.size() + value.byte_size());
  Recipe attr(header + head);
  attr.add(value_source(value, "a weight in another type"), {0, value.byte_size()});
  return attr;
}

std::vector<std::string> controls_of(const NodeDef& node) {
  const auto first = node.inputs.begin() + static_cast<std::ptrdiff_t>(data_input_count(node));
  return {first, node.inputs.end()};
}

// What a constant waits for says which loop it is in: the new one waits for all of it.
std::vector<std::string> joined_controls(const Draft& draft, const CompactWeight& weight) {
  std::vector<NodeId> nodes{weight.node};
  nodes.insert(nodes.end(), weight.leftover.begin(), weight.leftover.end());
  std::vector<std::string> joined;
  for (const NodeId id : nodes) {
    for (const std::string& control : controls_of(draft.node_def(id))) {
      if (std::ranges::find(joined, control) == joined.end()) joined.push_back(control);
    }
  }
  return joined;
}

std::string type_change(const CompactWeight& weight) {
  return std::string(name_of(weight.stored)) + " -> " + std::string(name_of(weight.value.dtype()));
}

void replace_dequantize(Draft& draft, const CompactWeight& weight) {
  const NodeDef before = draft.node_def(weight.node);
  NodeDef node = wide_constant(before.name, weight);
  node.inputs = joined_controls(draft, weight);
  node.device = before.device;
  draft.replace(weight.node, std::move(node),
                {"Q1", before.name, "Dequantize -> Const, " + type_change(weight)});
  remove_unused(draft, weight.leftover);
}

void replace_cast(Draft& draft, NodeId id) {
  NodeDef node = draft.node_def(id);
  const std::string type = draft.attr(id, "DstT").value_or(attr_of_type(DType::float32));
  node.op = "Identity";
  for (const Bytes key : {"SrcT", "DstT", "Truncate"}) node.drop_attr(key);
  node.set_attr("T", type);
  const std::string name = node.name;
  draft.replace(id, std::move(node), {"Q2", name, "Cast -> Identity"});
}

void widen_constant(Draft& draft, const CompactWeight& weight) {
  NodeDef node = draft.node_def(weight.node);
  node.set_attr("dtype", attr_of_type(weight.value.dtype()));
  node.set_attr("value", value_attr(weight));
  const std::string name = node.name;
  draft.replace(weight.node, std::move(node), {"Q2", name, type_change(weight)});
  for (const NodeId cast : weight.casts) replace_cast(draft, cast);
}

}  // namespace

NodeDef wide_constant(const std::string& name, const CompactWeight& weight) {
  NodeDef node = make_node(name, "Const");
  node.set_attr("dtype", attr_of_type(weight.value.dtype()));
  node.set_attr("value", value_attr(weight));
  return node;
}

void remove_unused(Draft& draft, const std::vector<NodeId>& nodes) {
  for (bool again = true; again;) {
    again = false;
    for (const NodeId id : nodes) {
      if (draft.is_removed(id) || !draft.consumers_now(id).empty()) continue;
      draft.remove(id, {"Q4", draft.name(id), "nothing takes it any more"});
      again = true;
    }
  }
}

void make_float_weights(Draft& draft, const std::vector<CompactWeight>& weights) {
  for (const CompactWeight& weight : weights) {
    weight.casts.empty() ? replace_dequantize(draft, weight) : widen_constant(draft, weight);
  }
}

}  // namespace thaw::internal
