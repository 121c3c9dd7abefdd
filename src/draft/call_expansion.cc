#include "draft/call_expansion.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "messages/attr_value.h"
#include "model/flat_output.h"
#include "ops/op_table.h"
#include "thaw/error.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

bool is_compiled(const std::vector<NodeAttr>& attrs) {
  const auto found = std::ranges::find(attrs, "_XlaMustCompile", &NodeAttr::key);
  return found != attrs.end() && attr_as_bool(found->value.bytes()).value_or(false);
}

bool is_control_flow(Bytes op) {
  return op == "Switch" || op == "RefSwitch" || op == "_SwitchN" || op == "Merge" || op == "RefMerge" ||
         op == "Enter" || op == "RefEnter";
}

// FunctionDef.control_ret; where there is none, whatever has effects runs
// (core/common_runtime/function_utils.cc).
std::vector<std::string> nodes_that_run(const FunctionDef& function) {
  std::vector<std::string> nodes;
  MessageReader reader(function.rest);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(6)) nodes.emplace_back(read_map_entry(field.payload).value);
  }
  if (!nodes.empty()) return nodes;
  for (const FunctionNode& node : function.nodes) {
    const OpInfo* info = find_op(node.node.op);
    if (info != nullptr && info->stateful) nodes.push_back(node.node.name);
  }
  return nodes;
}

class CallWriter {
 public:
  CallWriter(const NodeDef& call, const FunctionDef& function, const CallPlace& place, const Library& library)
      : call_(call), function_(function), place_(place), library_(library) {
    for (std::size_t i = 0; i < function.inputs.size(); ++i) arguments_.emplace(function.inputs[i].name, i);
    for (const FunctionNode& node : function.nodes) nodes_.emplace(node.node.name, &node.node);
    for (const std::string& input : call.inputs) {
      if (input.starts_with('^')) controls_.push_back(input);
    }
  }

  CallExpansion run() {
    for (const FunctionNode& node : function_.nodes) add(node.node);
    finish();
    return std::move(done_);
  }

 private:
  void add(NodeDef node) {
    for (std::string& input : node.inputs) input = translated(input);
    if (node.inputs.empty() && place_.has_control_flow && !function_.inputs.empty())
      node.inputs.push_back("^" + producer_of(call_.inputs[0]));
    add_inputs(node, controls_);
    node.name = below(node.name);
    if (node.device.empty()) node.device = call_.device;
    move_places(node);
    done_.added.push_back(std::move(node));
  }

  static void add_inputs(NodeDef& node, const std::vector<std::string>& controls) {
    for (const std::string& control : controls) {
      if (std::ranges::find(node.inputs, control) == node.inputs.end()) node.inputs.push_back(control);
    }
  }

  std::string below(Bytes name) const { return call_.name + "/" + std::string(name); }

  std::string producer_of(const std::string& input) const {
    const std::size_t colon = input.find(':');
    return input.substr(0, colon);
  }

  std::string translated(const std::string& input) const {
    const FunctionInput parts = parse_function_input(input);
    const std::string name(parts.node);
    if (const auto argument = arguments_.find(name); argument != arguments_.end()) {
      const std::string& given = call_.inputs[argument->second];
      return parts.is_control ? "^" + producer_of(given) : given;
    }
    const auto node = nodes_.find(name);
    if (node == nodes_.end()) fail(input);
    if (parts.is_control) return "^" + below(name);
    if (place_.in_function) return below(input);
    return format_input(below(name), flat_output(*node->second, parts, library_));
  }

  void move_places(NodeDef& node) const {
    const NodeAttr* attr = node.find_attr("_class");
    if (attr == nullptr) return;
    const std::string value = attr->value.bytes();
    std::vector<std::string> places;
    for (const Bytes place : attr_as_strings(value)) {
      if (!place.starts_with("loc:@")) {
        places.emplace_back(place);
      } else if (nodes_.contains(std::string(place.substr(5)))) {
        places.push_back("loc:@" + below(place.substr(5)));
      }
    }
    node.set_attr("_class", attr_of_strings(places));
  }

  // Behind the results stand the arguments where one of them may be dead: the call was dead with it.
  void finish() {
    NodeDef& result = done_.result;
    result.name = call_.name;
    result.device = call_.device;
    result.unknown = call_.unknown;
    std::vector<DType> types;
    for (const FunctionArg& output : function_.outputs) {
      result.inputs.push_back(translated(*function_.find_return(output.name)));
      types.push_back(output.type);
    }
    for (std::size_t i = 0; i < function_.inputs.size() && place_.has_control_flow; ++i) {
      result.inputs.push_back(call_.inputs[i]);
      types.push_back(function_.inputs[i].type);
    }
    result.op = types.empty() ? "NoOp" : "IdentityN";
    if (!types.empty()) result.set_attr("T", attr_of_types(types));
    if (const NodeAttr* attr = call_.find_attr("_class")) result.attrs.push_back(*attr);
    std::vector<std::string> controls = controls_;
    for (const std::string& node : nodes_that_run(function_)) {
      if (nodes_.contains(node)) controls.push_back("^" + below(node));
    }
    add_inputs(result, controls);
  }

  [[noreturn]] void fail(const std::string& input) const {
    throw Error(ErrorKind::malformed,
                "takes " + thaw::quoted(input) + ", which is neither a node nor an argument of it",
                "inputs from inside the function", "was the graph cut apart by a script?")
        .at("function " + thaw::quoted(function_.name));
  }

  const NodeDef& call_;
  const FunctionDef& function_;
  const CallPlace& place_;
  const Library& library_;
  std::unordered_map<std::string, std::size_t> arguments_;
  std::unordered_map<std::string, const NodeDef*> nodes_;
  std::vector<std::string> controls_;
  CallExpansion done_;
};

}  // namespace

std::string reason_to_keep(const NodeDef& call, const CallSite& site, const FunctionDef& function) {
  if (site.kind != CallKind::call) return "it is no plain call";
  if (is_compiled(call.attrs) || is_compiled(function.attrs)) return "XLA compiles it as a whole";
  const auto has_type = [](const FunctionArg& arg) { return arg.type != DType::invalid; };
  const auto is_returned = [&](const FunctionArg& arg) { return function.find_return(arg.name) != nullptr; };
  if (!std::ranges::all_of(function.inputs, has_type) || !std::ranges::all_of(function.outputs, has_type) ||
      !std::ranges::all_of(function.outputs, is_returned))
    return "its arguments are not plain tensors";
  const auto turns = [](const FunctionNode& node) { return is_control_flow(node.node.op); };
  if (std::ranges::any_of(function.nodes, turns)) return "it holds a loop or a branch of TensorFlow 1";
  return "";
}

CallExpansion expand_call(const NodeDef& call, const FunctionDef& function, const CallPlace& place,
                          const Library& library) {
  return CallWriter(call, function, place, library).run();
}

}  // namespace thaw::internal
