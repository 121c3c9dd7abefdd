#include "model/read_attribute.h"

#include <bit>

#include "messages/attr_value.h"
#include "tensor/shape.h"
#include "tensor/tensor_proto.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

Attribute type_of_number(std::uint64_t number) {
  const auto type = static_cast<std::int64_t>(number);
  if (const std::optional<DType> dtype = dtype_of_number(type)) return {*dtype};
  return {type};
}

Attribute read_item(const AttrView& item) {
  switch (item.kind) {
    case AttrKind::s:
      return {std::string(item.payload)};
    case AttrKind::i:
      return {static_cast<std::int64_t>(item.scalar)};
    case AttrKind::f:
      return {std::bit_cast<float>(static_cast<std::uint32_t>(item.scalar))};
    case AttrKind::b:
      return {item.scalar != 0};
    case AttrKind::type:
      return type_of_number(item.scalar);
    case AttrKind::shape:
      return {decode_shape(item.payload)};
    case AttrKind::tensor:
      return {read_tensor(item.payload).value};
    case AttrKind::placeholder:
      return {Attribute::Placeholder{std::string(item.payload)}};
    case AttrKind::func:
      return {Attribute::Function{std::string(function_name(item.payload).value_or(Bytes()))}};
    default:
      return {};
  }
}

Attribute read_list(Bytes list) {
  Attribute::List items;
  for_each_item(list, [&](const AttrView& item) {
    items.push_back(read_item(item));
    return true;
  });
  return {std::move(items)};
}

Attribute read_attribute(const Graph& graph, NodeId id, Bytes key) {
  const AttrView view = view_attr(*graph.attr(id, key));
  if (view.kind == AttrKind::tensor) return {graph.tensor(id, key).value};
  return view.kind == AttrKind::list ? read_list(view.payload) : read_item(view);
}

}  // namespace

ModelNode read_node(const Graph& graph, NodeId id) {
  NodeDef node = graph.node_def(id);
  ModelNode read{node.name, node.op, node.device, std::move(node.inputs), {}};
  try {
    for (const NodeAttr& attr : node.attrs)
      read.attributes.emplace_back(attr.key, read_attribute(graph, id, attr.key));
  } catch (Error& error) {
    if (error.places().empty()) error.at("node " + thaw::quoted(node.name));
    throw;
  }
  return read;
}

}  // namespace thaw::internal
