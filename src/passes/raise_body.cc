#include "passes/raise_body.h"

#include <algorithm>

#include "messages/attr_value.h"
#include "messages/function_def.h"
#include "passes/node_templates.h"
#include "passes/raise_call.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kLongestBase = 80;
// Fields of an OpDef, and one of a FunctionDef.
constexpr std::uint32_t kIsStateful = 17, kControlOutput = 20, kControlReturn = 6;

// A function is called like an operation: letters, digits, dots and underlines will do.
std::string named_after(Bytes call) {
  std::string name = "f_";
  for (const char c : call.substr(call.size() - std::min(call.size(), kLongestBase))) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += plain ? c : '_';
  }
  return name;
}

const char* role_of(bool is_loop, unsigned which) {
  if (is_loop) return which == 0 ? "_cond" : "_body";
  return which == 0 ? "_else" : "_then";
}

std::string int32_element(std::uint32_t number) { return {static_cast<char>(number), 0, 0, 0}; }

}  // namespace

RaiseBody::RaiseBody(RaiseTensors& tensors, Constructs& constructs, RaiseSlices& slices,
                     const Construct& owner, unsigned which)
    : tensors_(tensors),
      constructs_(constructs),
      slices_(slices),
      owner_(owner),
      which_(which),
      scope_(owner.inside[which]) {
  function_.name = named_after(owner.name) + role_of(owner.is_loop, which);
}

// Names of nodes are those of the graph.
std::string RaiseBody::free_name(std::string wanted) const {
  while (tensors_.draft().find(wanted) != kNoNode) wanted += "_";
  return wanted;
}

void RaiseBody::declare_argument(const std::string& name, DType type, const Shape& shape) {
  if (!shape.unknown_rank())
    function_.rest += encode_argument_shape(function_.inputs.size(), encode_shape(shape));
  function_.inputs.push_back(make_argument(name, type));
}

void RaiseBody::declare_arguments() {
  if (owner_.is_loop) {
    variables_ = {free_name("loop_counter"), free_name("maximum_iterations")};
    for (const std::string& name : variables_) declare_argument(name, DType::int32, Shape());
  }
  for (std::size_t i = 0; owner_.is_loop && i < owner_.types.size(); ++i) {
    variables_.push_back(free_name("v" + std::to_string(i)));
    declare_argument(variables_.back(), owner_.types[i], tensors_.shape(owner_.merges[i]));
  }
  for (std::size_t i = 0; i < owner_.captures.size(); ++i) {
    captures_.push_back(free_name("c" + std::to_string(i)));
    declare_argument(captures_.back(), tensors_.type(owner_.captures[i]), tensors_.shape(owner_.captures[i]));
  }
}

std::string RaiseBody::tensor(const Edge& origin) const {
  if (owner_.is_loop && tensors_.is_variable_of(scope_, origin))
    return variables_[constructs_.result(origin)];
  if (const auto found = owner_.capture_numbers.find(key_of(origin)); found != owner_.capture_numbers.end())
    return captures_[found->second];
  const ConstructId construct = constructs_.of(origin.node);
  if (construct == kNoConstruct) return tensors_.in_function(origin).value_or("");
  return constructs_.all()[construct].name + ":output:" + std::to_string(constructs_.result(origin));
}

std::string RaiseBody::wait(NodeId node) const {
  const ConstructId construct = constructs_.of(node);
  return "^" + (construct == kNoConstruct ? tensors_.draft().name(node) : constructs_.all()[construct].name);
}

void RaiseBody::write_node(NodeId id) {
  const Draft& draft = tensors_.draft();
  NodeDef node = draft.node_def(id);
  node.device.clear();
  node.drop_attr("_class");
  node.drop_attr("_output_shapes");
  node.inputs.clear();
  for (const Edge& input : draft.inputs_now(id)) {
    if (!input.is_control()) {
      node.inputs.push_back(tensor(tensors_.origin(input)));
    } else if (node.op != "Const" && tensors_.home(input.node) == scope_ &&
               !tensors_.is_waited_for_in_vain(input.node)) {
      node.inputs.push_back(wait(input.node));
    }
  }
  function_.nodes.push_back({std::move(node), {}});
}

void RaiseBody::write_construct(const Construct& construct) {
  CallTexts texts{[this](const Edge& origin) { return tensor(origin); },
                  [this](NodeId node) { return wait(node); }, ":output:0"};
  std::vector<NodeDef> nodes = make_raised_call(construct, tensors_, texts);
  // What this function's own call waits for.
  std::erase_if(nodes.back().inputs, [&](const std::string& input) {
    if (!input.starts_with('^')) return false;
    return std::ranges::any_of(owner_.waits, [&](NodeId node) { return wait(node) == input; });
  });
  for (NodeDef& node : nodes) function_.nodes.push_back({std::move(node), {}});
}

std::string RaiseBody::number_of_branch(std::uint32_t number) {
  const std::string name = free_name("branch_" + std::to_string(number));
  const auto is_there = [&](const FunctionNode& node) { return node.node.name == name; };
  if (!std::ranges::any_of(function_.nodes, is_there))
    function_.nodes.push_back({make_fill_constant(name, DType::int32, Shape(), int32_element(number)), {}});
  return name + ":output:0";
}

void RaiseBody::give(std::string value, DType type) {
  const std::string name = "o" + std::to_string(function_.outputs.size());
  function_.outputs.push_back(make_argument(name, type));
  function_.returns.push_back({name, std::move(value)});
}

void RaiseBody::write_results() {
  const std::vector<Edge>& gives = owner_.gives[which_];
  if (owner_.is_loop && which_ == 0) return give(tensor(gives[0]), DType::boolean);
  if (owner_.is_loop) {
    const std::string one = free_name("one"), next = free_name("next_round");
    function_.nodes.push_back({make_fill_constant(one, DType::int32, Shape(), int32_element(1)), {}});
    NodeDef sum = make_node(next, "AddV2", {variables_[0], one + ":output:0"});
    sum.set_attr("T", attr_of_type(DType::int32));
    function_.nodes.push_back({std::move(sum), {}});
    give(next + ":z:0", DType::int32);
    give(variables_[1], DType::int32);
  }
  for (std::size_t i = 0; i < gives.size(); ++i) {
    const bool is_number = gives[i].node == kNoNode;
    give(is_number ? number_of_branch(gives[i].port) : tensor(gives[i]), owner_.types[i]);
  }
  for (std::size_t i = 0; owner_.is_loop && i < captures_.size(); ++i)
    give(captures_[i], tensors_.type(owner_.captures[i]));
}

// control_output of the signature, control_ret of the function.
void RaiseBody::give_control(const std::string& node) {
  std::string entry;
  MessageWriter(entry).bytes(1, node).bytes(2, node);
  MessageWriter(function_.signature_rest).bytes(kControlOutput, node);
  MessageWriter(function_.rest).bytes(kControlReturn, entry);
}

FunctionDef RaiseBody::write(const std::vector<RaiseItem>& order) {
  declare_arguments();
  for (const RaiseItem item : order) {
    if (slices_.is_construct(item)) {
      write_construct(slices_.construct(item));
    } else {
      write_node(item);
    }
  }
  write_results();
  if (owner_.is_stateful) MessageWriter(function_.signature_rest).boolean(kIsStateful, true);
  for (const NodeId effect : owner_.effects) {
    if (which_ == 1) give_control(wait(effect).substr(1));
  }
  return std::move(function_);
}

}  // namespace thaw::internal
