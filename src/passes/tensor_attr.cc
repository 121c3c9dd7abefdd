#include "passes/tensor_attr.h"

#include "messages/attr_value.h"
#include "passes/node_templates.h"
#include "wire/message_writer.h"

namespace thaw::internal {

Recipe tensor_attr(const Value& value, const TensorForm& form) {
  Recipe tensor = encode_tensor(value, form);
  std::string header;
  append_header(header, static_cast<std::uint32_t>(AttrKind::tensor), tensor.size());
  Recipe attr(std::move(header));
  attr.add(std::move(tensor));
  return attr;
}

NodeDef frozen_constant(const std::string& name, const Value& value) {
  NodeDef node = make_node(name, "Const");
  node.set_attr("dtype", attr_of_type(value.dtype()));
  node.set_attr("value", tensor_attr(value));
  return node;
}

}  // namespace thaw::internal
