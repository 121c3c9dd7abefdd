#include "draft/outputs.h"

#include "messages/attr_value.h"
#include "ops/op_table.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kManyOutputs = 64;

void append_types(const Draft& draft, NodeId id, const ArgInfo& arg, std::vector<DType>& types) {
  if (!arg.type_list_attr.empty()) {
    const std::optional<std::string> value = draft.attr(id, arg.type_list_attr);
    const std::vector<DType> listed = value ? attr_as_types(*value) : std::vector<DType>{};
    types.insert(types.end(), listed.begin(), listed.end());
    return;
  }
  std::int64_t number = 1;
  if (!arg.number_attr.empty()) {
    const std::optional<std::string> value = draft.attr(id, arg.number_attr);
    number = value ? attr_as_int(*value).value_or(0) : 0;
  }
  DType type = dtype_of_number(arg.type != 0 ? arg.type : arg.default_type).value_or(DType::invalid);
  if (!arg.type_attr.empty()) type = draft.type_attr(id, arg.type_attr).value_or(type);
  for (std::int64_t i = 0; i < number && types.size() < kManyOutputs; ++i) types.push_back(type);
}

}  // namespace

std::vector<DType> output_types(const Draft& draft, NodeId id) {
  std::vector<DType> types;
  const OpInfo* info = find_op(draft.op(id));
  if (info == nullptr) return types;
  for (const ArgInfo arg : info->outputs) append_types(draft, id, arg, types);
  return types;
}

DType output_type(const Draft& draft, const Edge& output) {
  const std::vector<DType> types = output_types(draft, output.node);
  return output.port < types.size() ? types[output.port] : DType::invalid;
}

}  // namespace thaw::internal
