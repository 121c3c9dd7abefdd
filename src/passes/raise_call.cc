#include "passes/raise_call.h"

#include "messages/attr_value.h"
#include "passes/node_templates.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

// python/ops/while_v2.py: what parallel_iterations is where nobody says.
constexpr std::int64_t kUsualParallel = 10;

NodeDef make_number(std::string name, std::int32_t number) {
  std::string element;
  for (int shift = 0; shift < 32; shift += 8)
    element += static_cast<char>(static_cast<std::uint32_t>(number) >> shift & 0xFF);
  return make_fill_constant(std::move(name), DType::int32, Shape(), element);
}

// AttrValue: 10 func, a NameAttrList: 1 name.
std::string attr_of_function(Bytes name) {
  std::string func, attr;
  MessageWriter(func).bytes(1, name);
  MessageWriter(attr).bytes(static_cast<std::uint32_t>(AttrKind::func), func);
  return attr;
}

std::string list_of_shapes(const std::vector<Edge>& origins, const RaiseTensors& tensors) {
  std::string list;
  for (const Edge& origin : origins) list += shape_in_list(encode_shape(tensors.shape(origin)));
  return list;
}

std::vector<DType> types_of_captures(const Construct& construct, const RaiseTensors& tensors) {
  std::vector<DType> types;
  for (const Edge& capture : construct.captures) types.push_back(tensors.type(capture));
  return types;
}

// The gradient of a While takes its first two variables for a counter and a bound
// (python/ops/while_v2.py, _WhileGrad).
void write_loop(NodeDef& node, const Construct& construct, const RaiseTensors& tensors) {
  std::vector<DType> types{DType::int32, DType::int32};
  types.insert(types.end(), construct.types.begin(), construct.types.end());
  for (const DType type : types_of_captures(construct, tensors)) types.push_back(type);
  const std::string scalar = shape_in_list(encode_shape(Shape()));
  const std::string shapes = scalar + scalar + list_of_shapes(construct.merges, tensors) +
                             list_of_shapes(construct.captures, tensors);
  const NodeId like = construct.enter;
  node.set_attr("T", attr_of_types(types));
  node.set_attr("_lower_using_switch_merge", attr_of_bool(true));
  node.set_attr("body", attr_of_function(construct.functions[1]));
  node.set_attr("cond", attr_of_function(construct.functions[0]));
  node.set_attr("output_shapes", with_appended({}, shapes));
  const std::optional<std::string> parallel = tensors.draft().attr(like, "parallel_iterations");
  const std::int64_t rounds = parallel ? attr_as_int(*parallel).value_or(0) : 0;
  node.set_attr("parallel_iterations", attr_of_int(rounds > 0 ? rounds : kUsualParallel));
}

void write_cond(NodeDef& node, const Construct& construct, const RaiseTensors& tensors) {
  node.set_attr("Tcond", attr_of_type(DType::boolean));
  node.set_attr("Tin", attr_of_types(types_of_captures(construct, tensors)));
  node.set_attr("Tout", attr_of_types(construct.types));
  node.set_attr("_lower_using_switch_merge", attr_of_bool(true));
  node.set_attr("else_branch", attr_of_function(construct.functions[0]));
  node.set_attr("output_shapes", with_appended({}, list_of_shapes(construct.merges, tensors)));
  node.set_attr("then_branch", attr_of_function(construct.functions[1]));
}

}  // namespace

std::vector<NodeDef> make_raised_call(const Construct& construct, const RaiseTensors& tensors,
                                      const CallTexts& texts) {
  std::vector<NodeDef> nodes;
  const std::string op = construct.is_loop ? "While" : "If";
  NodeDef call = make_node(construct.name, construct.is_stateful ? op : "Stateless" + op);
  if (construct.is_loop) {
    nodes.push_back(make_number(construct.name + "/loop_counter", 0));
    nodes.push_back(make_number(construct.name + "/maximum_iterations", construct.most_rounds));
    for (const NodeDef& number : nodes) call.inputs.push_back(number.name + std::string(texts.of_constant));
  } else {
    call.inputs.push_back(texts.tensor(construct.predicate));
  }
  for (const Edge& start : construct.starts) call.inputs.push_back(texts.tensor(start));
  for (const Edge& capture : construct.captures) call.inputs.push_back(texts.tensor(capture));
  for (const NodeId node : construct.waits) call.inputs.push_back(texts.wait(node));
  if (construct.is_loop) {
    write_loop(call, construct, tensors);
  } else {
    write_cond(call, construct, tensors);
  }
  nodes.push_back(std::move(call));
  return nodes;
}

}  // namespace thaw::internal
