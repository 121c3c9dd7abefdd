#include "subject/saver_keys.h"

#include <algorithm>
#include <unordered_map>

#include "messages/function_ref.h"
#include "ops/variable_op.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kSteps = 8;  // through reads, casts of the device and the like

void add_key(SaverKeys& keys, NodeId variable, const std::string& key) {
  std::vector<std::string>& known = keys[variable];
  if (std::ranges::count(known, key) == 0) known.push_back(key);
}

NodeId variable_behind(const Graph& graph, NodeId node) {
  for (std::size_t steps = 0; steps < kSteps; ++steps) {
    if (is_variable_op(graph.op(node))) return node;
    const bool passes = graph.op(node) == "Identity" || graph.op(node) == "ReadVariableOp";
    const auto inputs = graph.inputs(node);
    if (!passes || inputs.empty() || inputs.front().is_control()) break;
    node = inputs.front().node;
  }
  return kNoNode;
}

std::vector<std::string> strings_of(const Value& value) {
  std::vector<std::string> strings;
  if (value.dtype() == DType::string) value.for_each_string([&](Bytes text) { strings.emplace_back(text); });
  return strings;
}

std::vector<std::string> strings_of(const Graph& graph, NodeId constant) {
  const std::optional<TensorHead> head = graph.tensor_head(constant, "value");
  if (graph.op(constant) != "Const" || !head || head->dtype != DType::string) return {};
  return strings_of(graph.tensor(constant, "value").value);
}

// The first of the tensors among a saving node's inputs; 0 for other operations.
std::size_t first_tensor(Bytes op) {
  if (op == "SaveV2" || op == "SaveSlices") return 3;
  return op == "Save" ? 2 : 0;
}

void add_keys(const Graph& graph, NodeId save, std::size_t first, SaverKeys& keys) {
  const auto inputs = graph.inputs(save);
  if (inputs.size() < first) return;
  const std::vector<std::string> names = strings_of(graph, inputs[1].node);
  for (std::size_t i = 0; i < names.size() && i + first < inputs.size(); ++i) {
    const Edge& tensor = inputs[i + first];
    if (tensor.is_control()) break;
    const NodeId variable = variable_behind(graph, tensor.node);
    if (variable != kNoNode) add_key(keys, variable, names[i]);
  }
}

// A function that restores: which of its arguments gets which key.
class RestoreFunction {
 public:
  explicit RestoreFunction(const FunctionDef& function) {
    for (const FunctionNode& node : function.nodes) nodes_.emplace(node.node.name, &node.node);
    for (std::size_t i = 0; i < function.inputs.size(); ++i) arguments_.emplace(function.inputs[i].name, i);
    for (const FunctionNode& node : function.nodes) {
      if (node.node.op == "AssignVariableOp") add_assignment(node.node);
    }
  }

  const std::map<std::size_t, std::string>& keys() const { return keys_; }

 private:
  void add_assignment(const NodeDef& assign) {
    if (assign.inputs.size() < 2) return;
    const auto argument = arguments_.find(assign.inputs[0]);
    FunctionInput value = parse_function_input(assign.inputs[1]);
    for (std::size_t steps = 0; steps < kSteps && argument != arguments_.end(); ++steps) {
      const auto producer = nodes_.find(std::string(value.node));
      if (producer == nodes_.end() || producer->second->inputs.empty()) return;
      if (producer->second->op == "RestoreV2") return add_key(argument->second, *producer->second, value);
      if (producer->second->op != "Identity") return;
      value = parse_function_input(producer->second->inputs[0]);
    }
  }

  void add_key(std::size_t argument, const NodeDef& restore, const FunctionInput& output) {
    if (restore.inputs.size() < 2) return;
    const auto names = nodes_.find(std::string(parse_function_input(restore.inputs[1]).node));
    const NodeAttr* value = names == nodes_.end() ? nullptr : names->second->find_attr("value");
    if (value == nullptr) return;
    const std::string encoded = value->value.bytes();
    const AttrView view = view_attr(encoded);
    if (view.kind != AttrKind::tensor) return;
    const std::vector<std::string> keys = strings_of(read_tensor(view.payload).value);
    if (output.number < keys.size()) keys_.emplace(argument, keys[output.number]);
  }

  std::unordered_map<std::string, const NodeDef*> nodes_;
  std::unordered_map<std::string, std::size_t> arguments_;
  std::map<std::size_t, std::string> keys_;
};

bool restores(const FunctionDef& function) {
  return std::ranges::any_of(function.nodes,
                             [](const FunctionNode& node) { return node.node.op == "RestoreV2"; });
}

void add_call(const Graph& graph, NodeId call, const FunctionDef& function, SaverKeys& keys) {
  const auto inputs = graph.inputs(call);
  const RestoreFunction restore(function);
  for (const auto& [argument, key] : restore.keys()) {
    if (argument >= data_input_count(inputs)) continue;
    const NodeId variable = variable_behind(graph, inputs[argument].node);
    if (variable != kNoNode) add_key(keys, variable, key);
  }
}

}  // namespace

SaverKeys saver_keys(const Graph& graph) {
  SaverKeys keys;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    const std::size_t first = first_tensor(graph.op(id));
    if (first != 0) add_keys(graph, id, first, keys);
  }
  return keys;
}

SaverKeys restore_function_keys(const Graph& graph, const Library& library) {
  SaverKeys keys;
  if (std::ranges::none_of(library.functions(), restores)) return keys;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    const Bytes op = graph.op(id);
    if (op != "StatefulPartitionedCall" && op != "PartitionedCall") continue;
    const std::optional<Bytes> attr = graph.attr(id, "f");
    const std::vector<Bytes> names = attr ? referred_functions(*attr) : std::vector<Bytes>{};
    const std::size_t function = names.empty() ? kNoFunction : library.find(names.front());
    if (function != kNoFunction && restores(library.functions()[function]))
      add_call(graph, id, library.functions()[function], keys);
  }
  return keys;
}

}  // namespace thaw::internal
