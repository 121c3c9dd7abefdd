#include "model/call_site.h"

#include <algorithm>
#include <array>

#include "messages/attr_value.h"
#include "messages/function_ref.h"

namespace thaw::internal {

namespace {

struct CallRow {
  std::string_view op;
  CallKind kind;
  std::array<std::string_view, 2> attrs;
  std::string_view types;  // the attribute that holds the arguments' types
};

constexpr std::array kCalls = std::to_array<CallRow>({
    {"Case", CallKind::branch, {"branches", ""}, "Tin"},
    {"If", CallKind::branch, {"then_branch", "else_branch"}, "Tin"},
    {"PartitionedCall", CallKind::call, {"f", ""}, "Tin"},
    {"StatefulPartitionedCall", CallKind::call, {"f", ""}, "Tin"},
    {"StatelessCase", CallKind::branch, {"branches", ""}, "Tin"},
    {"StatelessIf", CallKind::branch, {"then_branch", "else_branch"}, "Tin"},
    {"StatelessWhile", CallKind::loop, {"body", "cond"}, "T"},
    {"While", CallKind::loop, {"body", "cond"}, "T"},
});

bool add_callees(const NodeDef& node, std::string_view attr, const Library& library, CallSite& site) {
  const NodeAttr* value = node.find_attr(attr);
  if (value == nullptr) return false;
  const std::string bytes = value->value.bytes();
  const std::vector<Bytes> names = referred_functions(bytes);
  for (const Bytes name : names) {
    const std::size_t function = library.find(name);
    if (function == kNoFunction) return false;
    site.callees.push_back({std::string(attr), function});
  }
  return !names.empty();
}

bool fits(const CallSite& site, const Library& library) {
  const FunctionDef& first = library.functions()[site.callees[0].function];
  for (const Callee& callee : site.callees) {
    const FunctionDef& function = library.functions()[callee.function];
    if (function.is_generic || function.inputs.size() != site.arguments) return false;
    const bool same_results = function.outputs.size() == first.outputs.size() || callee.attr == "cond";
    if (!same_results) return false;
  }
  return site.kind != CallKind::loop || (first.outputs.size() == site.arguments && site.callees.size() == 2);
}

}  // namespace

std::optional<CallSite> find_call_site(const NodeDef& node, const Library& library) {
  const auto row = std::ranges::find(kCalls, node.op, &CallRow::op);
  if (row == kCalls.end() || node.find_attr(row->types) == nullptr) return std::nullopt;
  CallSite site;
  site.kind = row->kind;
  site.types = row->types;
  site.first_argument = row->kind == CallKind::branch ? 1 : 0;
  const std::uint32_t inputs = data_input_count(node);
  if (inputs < site.first_argument) return std::nullopt;
  site.arguments = inputs - site.first_argument;
  for (const std::string_view attr : row->attrs) {
    if (!attr.empty() && !add_callees(node, attr, library, site)) return std::nullopt;
  }
  return fits(site, library) ? std::optional(site) : std::nullopt;
}

std::vector<std::size_t> named_functions(const NodeDef& node, const Library& library) {
  std::vector<std::size_t> functions;
  const auto note = [&](Bytes name) {
    if (const std::size_t found = library.find(name); found != kNoFunction) functions.push_back(found);
  };
  note(node.op);
  for (const NodeAttr& attr : node.attrs) {
    const std::optional<Bytes> value = attr.value.in_memory();
    if (!value) continue;  // a large tensor
    for (const Bytes name : referred_functions(*value)) note(name);
  }
  return functions;
}

}  // namespace thaw::internal
