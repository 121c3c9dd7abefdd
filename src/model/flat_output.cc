#include "model/flat_output.h"

#include "messages/attr_value.h"
#include "ops/op_table.h"

namespace thaw::internal {

namespace {

std::uint32_t width_of(const NodeDef& node, const ArgInfo& arg) {
  const auto attr_of = [&](std::string_view key) {
    const NodeAttr* attr = node.find_attr(key);
    return attr == nullptr ? std::string() : attr->value.bytes();
  };
  if (!arg.number_attr.empty())
    return static_cast<std::uint32_t>(attr_as_int(attr_of(arg.number_attr)).value_or(1));
  if (!arg.type_list_attr.empty())
    return static_cast<std::uint32_t>(attr_as_types(attr_of(arg.type_list_attr)).size());
  return 1;
}

}  // namespace

std::uint32_t flat_output(const NodeDef& node, const FunctionInput& input, const Library& library) {
  if (const std::size_t function = library.find(node.op); function != kNoFunction) {
    const std::vector<FunctionArg>& outputs = library.functions()[function].outputs;
    for (std::uint32_t k = 0; k < outputs.size(); ++k) {
      if (outputs[k].name == input.output) return k + input.number;
    }
    return input.number;
  }
  const OpInfo* info = find_op(node.op);
  std::uint32_t number = input.number;
  if (info == nullptr) return number;
  for (const ArgInfo arg : info->outputs) {
    if (arg.name == input.output) return number;
    number += width_of(node, arg);
  }
  return input.number;
}

std::optional<std::string> named_output(const NodeDef& node, std::uint32_t number) {
  const OpInfo* info = find_op(node.op);
  if (info == nullptr) return std::nullopt;
  for (const ArgInfo arg : info->outputs) {
    const std::uint32_t width = width_of(node, arg);
    if (number < width) return node.name + ":" + std::string(arg.name) + ":" + std::to_string(number);
    number -= width;
  }
  return std::nullopt;
}

}  // namespace thaw::internal
