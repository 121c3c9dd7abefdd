#include "draft/library_edit.h"

#include <algorithm>

#include "io/crc32c.h"
#include "messages/attr_value.h"
#include "messages/function_ref.h"
#include "names/scopes.h"
#include "tensor/shape.h"

namespace thaw::internal {

namespace {

std::string hexadecimal(std::uint32_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[(number >> shift) & 15];
  return text;
}

void append_to_list(NodeDef& node, Bytes key, const std::string& elements, bool even_if_empty) {
  const NodeAttr* attr = node.find_attr(key);
  const std::string list = attr == nullptr ? std::string() : attr->value.bytes();
  if (!even_if_empty && view_attr(list).payload.empty()) return;
  node.set_attr(key, with_appended(list, elements));
}

// A loop's results are its arguments. Those behind _num_original_outputs have no gradient
// (python/ops/while_v2.py, _WhileGrad).
void extend_results(NodeDef& node, const CallSite& site, const std::vector<NewArgument>& arguments) {
  std::string shapes;
  for (const NewArgument& argument : arguments) shapes += shape_in_list(encode_shape(argument.shape));
  append_to_list(node, "output_shapes", shapes, false);
  if (node.find_attr("_num_original_outputs") == nullptr) return;
  const std::size_t results = site.arguments + arguments.size();
  node.set_attr("_num_original_outputs", attr_of_int(static_cast<std::int64_t>(results)));
}

}  // namespace

std::string argument_word(Bytes wanted) {
  std::string name;
  for (const char c : wanted) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += upper ? static_cast<char>(c - 'A' + 'a') : plain ? c : '_';
  }
  return name.empty() || name[0] < 'a' || name[0] > 'z' ? "w" + name : name;
}

void rename_functions(NodeDef& node, const CallSite& site, const std::vector<std::string>& functions) {
  for (std::size_t i = 0; i < site.callees.size();) {
    const std::string& key = site.callees[i].attr;
    if (key.empty()) node.op = functions[i];
    std::vector<std::string> names;
    for (; i < site.callees.size() && site.callees[i].attr == key; ++i) names.push_back(functions[i]);
    if (!key.empty()) node.set_attr(key, with_functions(node.find_attr(key)->value.bytes(), names));
  }
}

ArgumentNames::ArgumentNames(const FunctionDef& function) {
  for (const FunctionArg& input : function.inputs) taken_.insert(input.name);
  for (const FunctionArg& output : function.outputs) taken_.insert(output.name);
  for (const FunctionNode& node : function.nodes) taken_.insert(node.node.name);
}

std::string ArgumentNames::take(Bytes wanted) {
  return free_names_.next(argument_word(wanted),
                          [this](const std::string& name) { return !taken_.insert(name).second; });
}

std::string add_argument(FunctionDef& function, ArgumentNames& names, Bytes wanted,
                         const NewArgument& argument) {
  std::string name = names.take(last_component(wanted));
  const std::string shape = encode_shape(argument.shape);
  function.rest += encode_argument_shape(function.inputs.size(), shape);
  function.inputs.push_back(make_argument(name, argument.dtype));
  for (NodeAttr& attr : function.attrs) {
    if (attr.key == "_input_shapes")
      attr.value = Recipe(with_appended(attr.value.bytes(), shape_in_list(shape)));
  }
  return name;
}

void return_argument(FunctionDef& function, ArgumentNames& names, const std::string& name, DType dtype) {
  const std::string output = names.take(name + "_out");
  function.outputs.push_back(make_argument(output, dtype));
  function.returns.push_back({output, name});
}

void take_argument(FunctionDef& function, std::size_t index, const std::string& name, DType dtype) {
  FunctionNode& changed = function.nodes[index];
  NodeDef& node = changed.node;
  node.op = "Identity";
  node.inputs.insert(node.inputs.begin(), name);
  for (const Bytes key : {"dtype", "value", "_output_shapes"}) node.drop_attr(key);
  node.set_attr("T", attr_of_type(dtype));
  changed.field = Recipe();
}

void extend_call(NodeDef& node, const CallSite& site, const std::vector<std::string>& inputs,
                 const std::vector<NewArgument>& arguments, const std::vector<std::string>& functions) {
  const auto behind = node.inputs.begin() + site.first_argument + site.arguments;
  node.inputs.insert(behind, inputs.begin(), inputs.end());
  std::vector<DType> dtypes;
  for (const NewArgument& argument : arguments) dtypes.push_back(argument.dtype);
  if (!site.types.empty()) append_to_list(node, site.types, types_in_list(dtypes), true);
  if (site.kind == CallKind::loop) extend_results(node, site, arguments);
  rename_functions(node, site, functions);
  node.drop_attr("_output_shapes");
}

void forget_twins(FunctionDef& function) {
  std::erase_if(function.attrs, [](const NodeAttr& attr) {
    return attr.key == "api_implements" || attr.key == "forward_function_name" ||
           attr.key == "backward_function_name";
  });
}

std::string content_name(const FunctionDef& function, const Library& library) {
  std::uint32_t checksum = 0;
  encode_function(function).pour([&](Bytes bytes) { checksum = crc32c_extend(checksum, bytes); });
  std::string name = function.name + "_thawed_" + hexadecimal(checksum);
  while (library.find(name) != kNoFunction) name += "_";
  return name;
}

}  // namespace thaw::internal
