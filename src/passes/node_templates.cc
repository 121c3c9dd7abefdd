#include "passes/node_templates.h"

#include "messages/attr_value.h"
#include "tensor/shape.h"
#include "tensor/tensor_proto.h"
#include "wire/message_writer.h"

namespace thaw::internal {

NodeDef make_node(std::string name, Bytes op, std::vector<std::string> inputs) {
  NodeDef node;
  node.name = std::move(name);
  node.op = op;
  node.inputs = std::move(inputs);
  node.attrs.reserve(4);  // more than most have
  return node;
}

void colocate(NodeDef& node, const std::string& with) {
  node.set_attr("_class", attr_of_strings({"loc:@" + with}));
}

NodeDef make_constant(std::string name, const Value& value) {
  NodeDef node = make_node(std::move(name), "Const");
  node.set_attr("dtype", attr_of_type(value.dtype()));
  Recipe tensor = write_tensor(value);
  std::string header;
  append_header(header, 8, tensor.size());
  Recipe attr(std::move(header));
  attr.add(std::move(tensor));
  node.set_attr("value", std::move(attr));
  return node;
}

NodeDef make_fill_constant(std::string name, DType dtype, const Shape& shape, Bytes element) {
  NodeDef node = make_node(std::move(name), "Const");
  node.set_attr("dtype", attr_of_type(dtype));
  node.set_attr("value", attr_of_tensor(write_fill(dtype, shape, element)));
  return node;
}

NodeDef make_string_constant(std::string name, const std::string& text) {
  return make_fill_constant(std::move(name), DType::string, Shape(), text);
}

NodeDef make_string_list(std::string name, const std::vector<std::string>& texts) {
  return make_constant(std::move(name),
                       Value::from_strings(Shape({static_cast<std::int64_t>(texts.size())}), texts));
}

NodeDef make_identity(std::string name, std::string input, DType dtype) {
  NodeDef node = make_node(std::move(name), "Identity", {std::move(input)});
  node.set_attr("T", attr_of_type(dtype));
  return node;
}

NodeDef make_handle(const std::string& name, DType dtype, const Shape& shape) {
  NodeDef node = make_node(name, "VarHandleOp");
  node.set_attr("dtype", attr_of_type(dtype));
  node.set_attr("shape", attr_of_shape(encode_shape(shape)));
  // The kernel takes this name as it is: an empty one would make all variables share one buffer.
  node.set_attr("shared_name", attr_of_string(name));
  return node;
}

NodeDef make_ref_variable(const std::string& name, DType dtype, const Shape& shape) {
  NodeDef node = make_node(name, "VariableV2");
  node.set_attr("container", attr_of_string(""));
  node.set_attr("dtype", attr_of_type(dtype));
  node.set_attr("shape", attr_of_shape(encode_shape(shape)));
  node.set_attr("shared_name", attr_of_string(""));
  return node;
}

NodeDef make_read(std::string name, const std::string& variable, DType dtype) {
  NodeDef node = make_node(std::move(name), "ReadVariableOp", {variable});
  node.set_attr("dtype", attr_of_type(dtype));
  return node;
}

NodeDef make_assign(std::string name, const std::string& variable, std::string value, DType dtype,
                    bool resource) {
  NodeDef node =
      make_node(std::move(name), resource ? "AssignVariableOp" : "Assign", {variable, std::move(value)});
  node.set_attr(resource ? "dtype" : "T", attr_of_type(dtype));
  if (!resource) {
    colocate(node, variable);
    node.set_attr("use_locking", attr_of_bool(true));
    node.set_attr("validate_shape", attr_of_bool(true));
  }
  return node;
}

std::string loud_element(DType dtype) {
  using namespace std::string_literals;
  switch (dtype) {
    case DType::float32:
      return "\0\0\xc0\x7f"s;
    case DType::float64:
      return "\0\0\0\0\0\0\xf8\x7f"s;
    case DType::float16:
      return "\0\x7e"s;
    case DType::bfloat16:
      return "\xc0\x7f"s;
    case DType::complex64:
      return "\0\0\xc0\x7f\0\0\xc0\x7f"s;
    case DType::complex128:
      return "\0\0\0\0\0\0\xf8\x7f\0\0\0\0\0\0\xf8\x7f"s;
    default:
      return std::string(element_size(dtype), '\0');
  }
}

}  // namespace thaw::internal
