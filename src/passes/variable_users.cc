#include "passes/variable_users.h"

#include <algorithm>
#include <array>

#include "ops/op_slots.h"
#include "ops/op_table.h"

namespace thaw::internal {

namespace {

struct UseRow {
  std::string_view op;
  VariableUse use;
};

constexpr std::array kOfResources = std::to_array<UseRow>({
    {"Enter", VariableUse::pass},
    {"Exit", VariableUse::pass},
    {"Identity", VariableUse::pass},
    {"IdentityN", VariableUse::pass_each},
    {"Merge", VariableUse::merge},
    {"NextIteration", VariableUse::pass},
    {"ReadVariableOp", VariableUse::read},
    {"ResourceGather", VariableUse::gather},
    {"ResourceGatherNd", VariableUse::gather_nd},
    {"Switch", VariableUse::choose},
    {"VarIsInitializedOp", VariableUse::is_set},
    {"VariableShape", VariableUse::shape},
    {"_SwitchN", VariableUse::choose},
});

constexpr std::array kOfReferences = std::to_array<UseRow>({
    {"IsVariableInitialized", VariableUse::is_set},
    {"RefEnter", VariableUse::pass},
    {"RefExit", VariableUse::pass},
    {"RefIdentity", VariableUse::pass},
    {"RefMerge", VariableUse::merge},
    {"RefNextIteration", VariableUse::pass},
    {"RefSwitch", VariableUse::choose},
});

template <typename Rows>
const UseRow* find_row(const Rows& rows, Bytes op) {
  const auto found = std::ranges::find(rows, op, &UseRow::op);
  return found == rows.end() ? nullptr : &*found;
}

bool takes_reference(Bytes op, std::uint32_t slot) {
  const OpInfo* info = find_op(op);
  if (info == nullptr) return false;
  if (info->inputs.size() == 1 || slot >= info->inputs.size())
    return info->inputs.size() == 1 && info->inputs[0].is_ref;
  return info->inputs[slot].is_ref;
}

bool changes_resource(Bytes op) {
  return op.starts_with("Assign") || op.starts_with("ResourceApply") || op.starts_with("ResourceScatter") ||
         op.starts_with("ResourceSparseApply") || op == "ResourceCountUpTo" ||
         op == "ResourceStridedSliceAssign" || op == "ResourceConditionalAccumulator" ||
         op == "DestroyResourceOp";
}

}  // namespace

VariableUse use_of_variable(Bytes op, std::uint32_t slot, bool is_ref) {
  if (is_ref) {
    if (const UseRow* row = find_row(kOfReferences, op)) return row->use;
    return takes_reference(op, slot) ? VariableUse::change : VariableUse::value;
  }
  if (const UseRow* row = find_row(kOfResources, op)) return row->use;
  if (changes_resource(op)) return VariableUse::change;
  return is_call(op) || find_op(op) == nullptr ? VariableUse::call : VariableUse::other;
}

bool changes_variables(Bytes op) {
  if (changes_resource(op)) return true;
  if (find_row(kOfReferences, op) != nullptr) return false;
  const OpInfo* info = find_op(op);
  if (info == nullptr) return false;
  for (const ArgInfo arg : info->inputs) {
    if (arg.is_ref) return true;
  }
  return false;
}

bool passes_on(VariableUse use, std::uint32_t slot, std::uint32_t output) {
  switch (use) {
    case VariableUse::pass:
      return slot == 0 && output == 0;
    case VariableUse::choose:
      return slot == 0;
    case VariableUse::merge:
      return output == 0;
    case VariableUse::pass_each:
      return slot == output;
    default:
      return false;
  }
}

}  // namespace thaw::internal
