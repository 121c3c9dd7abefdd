#include "model/view_names.h"

#include "messages/attr_value.h"
#include "model/flat_output.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// What may stand in the name of a node, not at its beginning (core/framework/node_def_util.cc).
std::string acceptable(Bytes text) {
  std::string name;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || c == '.' || (c == '_' && !name.empty())) name += c;
  }
  return name.empty() ? "function" : name;
}

// "__inference_inner_11" as its author called it: "inner"
// (python/eager/polymorphic_function/function_type_utils.py).
std::string plain_name(Bytes function) {
  constexpr Bytes kPrefix = "__inference_";
  if (function.starts_with(kPrefix)) function.remove_prefix(kPrefix.size());
  Bytes stem = function;
  while (!stem.empty() && stem.back() >= '0' && stem.back() <= '9') stem.remove_suffix(1);
  const bool is_numbered = stem.size() < function.size() && stem.size() > 1 && stem.back() == '_';
  return acceptable(is_numbered ? stem.substr(0, stem.size() - 1) : function);
}

// Nodes of loops and branches repeat the name of the call, which the function stands for here.
Bytes without_call(Bytes node, Bytes call) {
  for (const Bytes scope : {call, call.substr(call.rfind('/') + 1)}) {
    const bool is_below =
        node.size() > scope.size() + 1 && node.starts_with(scope) && node[scope.size()] == '/';
    if (is_below) return node.substr(scope.size() + 1);
  }
  return node;
}

}  // namespace

ViewNames::ViewNames(const Graph& graph, const Library& library) : library_(library) {
  if (library.functions().empty()) return;
  for (NodeId id = 0; id < graph.node_count(); ++id) taken_.emplace(graph.name(id));
}

std::string ViewNames::unique(const std::string& wanted) {
  return free_names_.next(wanted, [this](const std::string& name) { return !taken_.insert(name).second; });
}

// No node's name: TensorFlow puts what a call does below the name of the call when it runs the graph, and two
// nodes of one name end the process.
std::string ViewNames::scope_of(const std::string& function) {
  return free_scopes_.next(plain_name(function), [this](const std::string& scope) {
    return taken_.contains(scope) || scopes_.contains(scope);
  });
}

void ViewNames::add(std::size_t function, Bytes call) {
  if (!by_function_.emplace(function, instances_.size()).second) return;
  Instance instance{function, {}, {}, {}, {}};
  const FunctionDef& def = library_.functions()[function];
  const std::string scope = scope_of(def.name);
  scopes_.insert(scope);
  for (const FunctionNode& node : def.nodes) {
    instance.node_numbers.emplace(node.node.name, instance.nodes.size());
    instance.nodes.push_back(unique(scope + "/" + std::string(without_call(node.node.name, call))));
  }
  for (const FunctionArg& arg : def.inputs) {
    instance.argument_numbers.emplace(arg.name, instance.arguments.size());
    instance.arguments.push_back(unique(scope + "/" + arg.name));
  }
  instances_.push_back(std::move(instance));
}

const FunctionDef& ViewNames::function(std::size_t instance) const {
  return library_.functions()[instances_[instance].function];
}

std::string ViewNames::flat(const Instance& instance, const std::string& input) const {
  const FunctionDef& def = library_.functions()[instance.function];
  const FunctionInput parts = parse_function_input(input);
  const std::string mark = parts.is_control ? "^" : "";
  const auto node = instance.node_numbers.find(std::string(parts.node));
  if (node == instance.node_numbers.end()) {
    const auto argument = instance.argument_numbers.find(std::string(parts.node));
    if (argument != instance.argument_numbers.end()) return mark + instance.arguments[argument->second];
    throw Error(ErrorKind::malformed,
                "takes " + thaw::quoted(input) + ", which is neither a node nor an argument of it",
                "inputs from inside the function", "was the graph cut apart by a script?")
        .at("function " + thaw::quoted(def.name));
  }
  const std::string& name = instance.nodes[node->second];
  if (parts.is_control) return mark + name;
  const std::uint32_t number = flat_output(def.nodes[node->second].node, parts, library_);
  return outputs_.contains(name) ? output(name, number) : format_input(name, number);
}

std::vector<std::string> ViewNames::inputs_of(std::size_t instance, const NodeDef& node) const {
  std::vector<std::string> inputs;
  for (const std::string& input : node.inputs) inputs.push_back(flat(instances_[instance], input));
  return inputs;
}

std::string ViewNames::result(std::size_t instance, std::size_t k) const {
  const FunctionDef& def = function(instance);
  const std::string* value = def.find_return(def.outputs[k].name);
  if (value == nullptr) {
    throw Error(ErrorKind::malformed, "does not return " + thaw::quoted(def.outputs[k].name),
                "FunctionDef.ret with a value for each output_arg")
        .at("function " + thaw::quoted(def.name));
  }
  return flat(instances_[instance], *value);
}

bool ViewNames::passes_on(std::size_t instance, std::size_t k) const {
  const Instance& here = instances_[instance];
  const FunctionDef& def = function(instance);
  const std::string* value = def.find_return(def.outputs[k].name);
  for (std::size_t steps = 0; value != nullptr && steps < 64; ++steps) {
    const Bytes producer = parse_function_input(*value).node;
    const auto node = here.node_numbers.find(std::string(producer));
    if (node == here.node_numbers.end()) return k < def.inputs.size() && producer == def.inputs[k].name;
    const NodeDef& now = def.nodes[node->second].node;
    if (now.op != "Identity" || now.inputs.empty()) return false;
    value = &now.inputs[0];
  }
  return false;
}

void ViewNames::move_places(std::size_t instance, NodeDef& node) const {
  const NodeAttr* attr = node.find_attr("_class");
  if (attr == nullptr) return;
  const std::string value = attr->value.bytes();
  std::vector<std::string> places;
  for (const Bytes place : attr_as_strings(value)) {
    const auto found = place.starts_with("loc:@")
                           ? instances_[instance].node_numbers.find(std::string(place.substr(5)))
                           : instances_[instance].node_numbers.end();
    const bool is_here = found != instances_[instance].node_numbers.end();
    places.push_back(is_here ? "loc:@" + of_node(instance, found->second) : std::string(place));
  }
  node.set_attr("_class", attr_of_strings(places));
}

void ViewNames::add_outputs(const std::string& call, std::size_t count) {
  std::vector<std::string>& names = outputs_[call];
  for (std::size_t k = 0; k < count; ++k) names.push_back(unique(call + "/output_" + std::to_string(k)));
}

// Beyond the last: an input that nothing gives, which reading the view refuses.
std::string ViewNames::output(const std::string& call, std::uint32_t number) const {
  const std::vector<std::string>& names = outputs_.at(call);
  return number < names.size() ? names[number] : format_input(call, number);
}

}  // namespace thaw::internal
