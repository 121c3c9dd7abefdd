#include "fuzz/functional_interpreter.h"

#include <cstring>

#include "fuzz/fuzz_target.h"
#include "messages/attr_value.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

constexpr int kMostRounds = 100;

std::string function_name(const NodeDef& node, Bytes key) {
  const NodeAttr* attr = node.find_attr(key);
  require(attr != nullptr, "a node without its function: " + node.name);
  const std::string bytes = attr->value.bytes();
  return std::string(read_map_entry(view_attr(bytes).payload).key);  // NameAttrList: 1 name
}

FunctionalInterpreter::Elements constant_of(const NodeDef& node) {
  const NodeAttr* attr = node.find_attr("value");
  require(attr != nullptr, "a constant without value: " + node.name);
  const std::string bytes = attr->value.bytes();
  const Value value = read_tensor(view_attr(bytes).payload).value;
  const std::string canonical = value.bytes();
  FunctionalInterpreter::Elements elements;
  for (std::size_t at = 0; at < canonical.size(); at += 4) {
    float real = 0;
    std::int32_t whole = 0;
    std::memcpy(&real, canonical.data() + at, 4);
    std::memcpy(&whole, canonical.data() + at, 4);
    elements.push_back(value.dtype() == DType::float32 ? real : static_cast<float>(whole));
  }
  return elements;
}

template <typename Combine>
FunctionalInterpreter::Elements each(const std::vector<FunctionalInterpreter::Elements>& inputs,
                                     Combine combine) {
  require(inputs.size() == 2 && inputs[0].size() == inputs[1].size(), "two inputs that do not fit");
  FunctionalInterpreter::Elements made;
  for (std::size_t i = 0; i < inputs[0].size(); ++i) made.push_back(combine(inputs[0][i], inputs[1][i]));
  return made;
}

}  // namespace

// A call of a function: its arguments, and what its nodes have given so far.
struct FunctionalInterpreter::Frame {
  const FunctionDef* function;
  const Outputs* arguments;
  std::map<std::string, Outputs> done = {};
};

FunctionalInterpreter::Elements FunctionalInterpreter::output_of(const std::string& node) {
  const NodeId id = graph_->find(node);
  require(id != kNoNode, "no node " + node);
  return outputs_of(id).at(0);
}

const FunctionalInterpreter::Outputs& FunctionalInterpreter::outputs_of(NodeId id) {
  if (const auto found = done_.find(id); found != done_.end()) return found->second;
  Outputs inputs;
  for (const Edge& edge : graph_->inputs(id)) {
    if (!edge.is_control()) inputs.push_back(outputs_of(edge.node).at(edge.port));
  }
  return done_[id] = run_node(graph_->node_def(id), inputs);
}

FunctionalInterpreter::Outputs FunctionalInterpreter::run_node(const NodeDef& node, const Outputs& inputs) {
  const std::string& op = node.op;
  if (op == "Placeholder") return {fed_.at(node.name)};
  if (op == "Const") return {constant_of(node)};
  if (op == "Identity") return inputs;
  if (op == "Neg") return {each({inputs.at(0), inputs.at(0)}, [](float a, float) { return -a; })};
  if (op == "Add" || op == "AddV2") return {each(inputs, [](float a, float b) { return a + b; })};
  if (op == "Mul") return {each(inputs, [](float a, float b) { return a * b; })};
  if (op == "Less") return {each(inputs, [](float a, float b) { return a < b ? 1.0f : 0.0f; })};
  if (op == "LogicalAnd") return {each(inputs, [](float a, float b) { return a * b; })};
  if (op == "While" || op == "StatelessWhile") return run_while(node, inputs);
  if (op == "If" || op == "StatelessIf") {
    const bool then = inputs.at(0).at(0) != 0;
    return call(function_name(node, then ? "then_branch" : "else_branch"),
                {inputs.begin() + 1, inputs.end()});
  }
  throw Violation{"an operation that was not expected: " + op};
}

FunctionalInterpreter::Outputs FunctionalInterpreter::run_while(const NodeDef& node, Outputs values) {
  const std::string goes_on = function_name(node, "cond"), body = function_name(node, "body");
  for (int turn = 0; call(goes_on, values).at(0).at(0) != 0; ++turn) {
    require(turn < kMostRounds, "a loop that does not end: " + node.name);
    values = call(body, values);
  }
  return values;
}

FunctionalInterpreter::Outputs FunctionalInterpreter::call(const std::string& function,
                                                           const Outputs& arguments) {
  const std::size_t at = library_.find(function);
  require(at != kNoFunction, "no function " + function);
  Frame frame{&library_.functions()[at], &arguments};
  require(frame.function->inputs.size() == arguments.size(), "another number of arguments for " + function);
  Outputs results;
  for (const FunctionArg& output : frame.function->outputs)
    results.push_back(value_in(frame, *frame.function->find_return(output.name)));
  return results;
}

FunctionalInterpreter::Elements FunctionalInterpreter::value_in(Frame& frame, const std::string& input) {
  const FunctionInput parts = parse_function_input(input);
  for (std::size_t i = 0; i < frame.function->inputs.size(); ++i) {
    if (frame.function->inputs[i].name == parts.node) return frame.arguments->at(i);
  }
  return outputs_in(frame, std::string(parts.node)).at(parts.number);
}

const FunctionalInterpreter::Outputs& FunctionalInterpreter::outputs_in(Frame& frame,
                                                                        const std::string& node) {
  if (const auto found = frame.done.find(node); found != frame.done.end()) return found->second;
  for (const FunctionNode& each : frame.function->nodes) {
    if (each.node.name != node) continue;
    Outputs inputs;
    for (const std::string& input : each.node.inputs) {
      if (!input.starts_with('^')) inputs.push_back(value_in(frame, input));
    }
    return frame.done[node] = run_node(each.node, inputs);
  }
  throw Violation{"no node " + node + " in " + frame.function->name};
}

}  // namespace thaw::internal
