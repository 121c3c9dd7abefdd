#include "compare/written_place.h"

#include <algorithm>

#include "messages/attr_value.h"
#include "model/flat_output.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

std::set<std::string> take_controls(NodeDef& node) {
  const auto is_control = [](const std::string& input) { return input.starts_with('^'); };
  const auto first = std::ranges::find_if(node.inputs, is_control);
  std::set<std::string> controls(first, node.inputs.end());
  node.inputs.erase(first, node.inputs.end());
  return controls;
}

}  // namespace

[[noreturn]] void fail_calls(const std::string& node, const std::string& what) {
  throw Error(ErrorKind::bug, "writing out calls changed the graph: node " + thaw::quoted(node) + " " + what,
              "the same node, or what its function does",
              "nothing was published; please report this with the model");
}

std::string producer_of(const std::string& input) { return input.substr(0, input.find(':')); }

WrittenPlace::WrittenPlace(const Library& library, const FunctionDef& function, WrittenBody& body)
    : was(&function), is(&body), library_(&library) {
  for (const FunctionNode& node : function.nodes) nodes_.emplace(node.node.name, &node.node);
  for (std::size_t i = 0; i < function.inputs.size(); ++i) numbers_.emplace(function.inputs[i].name, i);
}

NodeDef WrittenPlace::moved(const NodeDef& node) const {
  NodeDef now = node;
  for (std::string& input : now.inputs) input = moved(input);
  if (!is_inside_call()) return now;
  now.name = scope + now.name;
  if (now.device.empty()) now.device = device;
  add_waits(now);
  move_class(now);
  return now;
}

std::string WrittenPlace::moved(const std::string& input) const {
  const FunctionInput parts = parse_function_input(input);
  const std::string name(parts.node);
  if (const auto number = numbers_.find(name); number != numbers_.end()) {
    const std::string given = is_inside_call() ? arguments[number->second] : was->inputs[number->second].name;
    return parts.is_control ? "^" + producer_of(given) : given;
  }
  const auto node = nodes_.find(name);
  if (node == nodes_.end()) fail_calls(name, "is not there");
  if (parts.is_control) return "^" + scope + name;
  const std::uint32_t flat = flat_output(*node->second, parts, *library_);
  if (is->is_graph()) return format_input(scope + name, flat);
  const std::optional<NodeDef> now = is->look(scope + name);
  const bool is_replaced = now && now->op == "IdentityN" && node->second->op != "IdentityN";
  return is_replaced ? scope + name + ":output:" + std::to_string(flat) : scope + input;
}

void WrittenPlace::add_waits(NodeDef& node) const {
  if (is_inside_call()) node.inputs.insert(node.inputs.end(), controls.begin(), controls.end());
}

void WrittenPlace::move_class(NodeDef& node) const {
  const NodeAttr* attr = node.find_attr("_class");
  if (attr == nullptr) return;
  const std::string value = attr->value.bytes();
  Texts now;
  for (const Bytes name : attr_as_strings(value)) {
    const bool is_node = name.starts_with("loc:@");
    if (!is_node) now.emplace_back(name);
    if (is_node && nodes_.contains(std::string(name.substr(5))))
      now.push_back("loc:@" + scope + std::string(name.substr(5)));
  }
  node.set_attr("_class", attr_of_strings(now));
}

// In a loop or a branch a node without inputs waits for what its call took besides.
bool WrittenPlace::is_same(NodeDef expected, NodeDef written) const {
  const std::set<std::string> wanted = take_controls(expected), found = take_controls(written);
  const bool may_be_more = is_inside_call() && is->has_control_flow() && expected.inputs.empty();
  const bool waits = may_be_more ? std::ranges::includes(found, wanted) && found.size() <= wanted.size() + 1
                                 : found == wanted;
  return waits && encode_graph_node(expected).bytes() == encode_graph_node(written).bytes();
}

}  // namespace thaw::internal
