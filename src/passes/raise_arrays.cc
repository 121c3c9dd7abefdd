#include "passes/raise_arrays.h"

#include <algorithm>

#include "messages/attr_value.h"
#include "passes/array_flows.h"
#include "passes/node_templates.h"
#include "tensor/shape.h"

namespace thaw::internal {

namespace {

constexpr const char* kRule = "W4";

std::string canonical_int32(const std::vector<std::int64_t>& numbers) {
  std::string bytes;
  for (const std::int64_t number : numbers) {
    const auto bits = static_cast<std::uint32_t>(number);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 0xFF);
  }
  return bytes;
}

// One array and its operations, which go on being called what they were.
class ArrayRewriter {
 public:
  ArrayRewriter(Draft& draft, const Contexts& contexts, const ArrayFlows::Array& array)
      : draft_(draft), contexts_(contexts), array_(array), before_(draft.node_def(array.node)) {
    if (const auto type = draft.type_attr(array.node, "dtype")) type_ = *type;
    element_ = shape_attr(before_, "element_shape");
    const NodeAttr* grows = before_.find_attr("dynamic_size");
    grows_ = grows != nullptr && attr_as_bool(grows->value.bytes()).value_or(false);
  }

  void run() {
    if (array_.begin.node != kNoNode) {
      const std::vector<Edge> readers = draft_.consumers_of(array_.begin);
      draft_.redirect_all(readers, array_.begin.node, {array_.node, 0}, kRule);
    }
    NodeDef reserve =
        renewed(before_, "TensorListReserve", {add_shape(array_.node, element_), before_.inputs[0]});
    reserve.set_attr("element_dtype", attr_of_type(type_));
    reserve.set_attr("shape_type", attr_of_type(DType::int32));
    replace(array_.node, std::move(reserve), "a list");
    for (const NodeId id : array_.led_handle) pass_on(id);
    for (const NodeId id : array_.led_flow) pass_on(id);
    for (const NodeId id : array_.ops) rewrite(id);
    remove_handles();
  }

 private:
  static Shape shape_attr(const NodeDef& node, Bytes key) {
    const NodeAttr* attr = node.find_attr(key);
    if (attr == nullptr) return Shape::of_unknown_rank();
    const std::string value = attr->value.bytes();
    const AttrView view = view_attr(value);
    return view.kind == AttrKind::shape ? decode_shape(view.payload) : Shape::of_unknown_rank();
  }

  NodeDef renewed(const NodeDef& old, const char* op, std::vector<std::string> inputs) const {
    NodeDef node = make_node(old.name, op, std::move(inputs));
    node.device = old.device;
    for (const std::string& input : old.inputs) {
      if (input.starts_with('^')) node.inputs.push_back(input);
    }
    return node;
  }

  void replace(NodeId id, NodeDef node, const char* what) {
    const std::string name = node.name;
    draft_.replace(id, std::move(node), {kRule, name, what});
  }

  void pass_on(NodeId id) {
    NodeDef node = draft_.node_def(id);
    if (node.op.starts_with("Ref")) node.op.erase(0, 3);
    node.set_attr("T", attr_of_type(DType::variant));
    node.drop_attr("_output_shapes");
    replace(id, std::move(node), "passes a list on");
  }

  // What a constant that `id` is to take must wait for, to lie where `id` does. Not the handle: it goes.
  std::vector<std::string> anchor_of(NodeId id) const {
    const ContextId context = contexts_.of(id);
    if (context == kRootContext) return {};
    for (const Edge& input : draft_.inputs_now(id).subspan(id == array_.node ? 0 : 1)) {
      if (contexts_.of(input.node) == context && contexts_.behind(input) == context)
        return {"^" + draft_.name(input.node)};
    }
    return {};
  }

  std::string add_constant(NodeId id, NodeDef constant) {
    constant.inputs = anchor_of(id);
    const std::string name = constant.name;
    draft_.add(std::move(constant), id, {kRule, name, "for " + draft_.name(id)});
    return name;
  }

  std::string add_shape(NodeId id, const Shape& shape) {
    const std::vector<std::int64_t> dims =
        shape.unknown_rank() ? std::vector<std::int64_t>{-1} : shape.dims();
    const Shape of_dims = shape.unknown_rank() ? Shape() : Shape({static_cast<std::int64_t>(dims.size())});
    return add_constant(id, make_constant(draft_.unique_name(draft_.name(id) + "/thaw_shape"),
                                          Value::from_bytes(DType::int32, of_dims, canonical_int32(dims))));
  }

  std::string add_no_lengths(NodeId id) {
    return add_constant(id, make_constant(draft_.unique_name(draft_.name(id) + "/thaw_lengths"),
                                          Value::from_bytes(DType::int64, Shape({0}), "")));
  }

  // All rows of what is concatenated, whatever their number.
  Shape rows(const NodeDef& node) const {
    Shape shape = shape_attr(node, "element_shape_except0");
    std::vector<std::int64_t> dims{-1};
    if (!shape.unknown_rank()) {
      dims.insert(dims.end(), shape.dims().begin(), shape.dims().end());
    } else if (!element_.unknown_rank() && element_.rank() > 0) {
      dims.insert(dims.end(), element_.dims().begin() + 1, element_.dims().end());
    } else {
      return Shape::of_unknown_rank();
    }
    return Shape(dims);
  }

  void rewrite(NodeId id) {
    const NodeDef old = draft_.node_def(id);
    const auto& in = old.inputs;
    const Bytes op = find_array_op(old.op)->op;
    if (op == "TensorArrayClose") {
      return replace(id, renewed(old, "NoOp", {"^" + draft_.name(draft_.inputs_now(id)[0].node)}),
                     "nothing to close");
    }
    if (op == "TensorArraySize") return write(id, renewed(old, "TensorListLength", {in[1]}));
    NodeDef node = of_elements(id, old, op);
    node.set_attr("element_dtype", attr_of_type(type_));
    write(id, std::move(node));
  }

  void write(NodeId id, NodeDef node) { replace(id, std::move(node), "the same of a list"); }

  NodeDef of_elements(NodeId id, const NodeDef& old, Bytes op) {
    const auto& in = old.inputs;
    if (op == "TensorArrayRead")
      return renewed(old, "TensorListGetItem", {in[2], in[1], add_shape(id, element_)});
    if (op == "TensorArrayScatter")
      return renewed(old, "TensorListScatterIntoExistingList", {in[3], in[2], in[1]});
    if (op == "TensorArrayGather")
      return renewed(old, "TensorListGather", {in[2], in[1], add_shape(id, element_of(old))});
    if (op == "TensorArrayPack")
      return renewed(old, "TensorListStack", {in[1], add_shape(id, element_of(old))});
    if (op == "TensorArrayWrite") {
      NodeDef node = renewed(old, "TensorListSetItem", {in[3], in[1], in[2]});
      node.set_attr("resize_if_index_out_of_bounds", attr_of_bool(grows_));
      return node;
    }
    NodeDef node;
    if (op == "TensorArraySplit") {
      node = renewed(old, "TensorListSplit", {in[1], add_shape(id, element_), in[2]});
    } else if (op == "TensorArrayUnpack") {
      node = renewed(old, "TensorListFromTensor", {in[1], add_shape(id, element_)});
    } else {
      node = renewed(old, "TensorListConcatV2", {in[1], add_shape(id, rows(old)), add_no_lengths(id)});
    }
    node.set_attr("shape_type", attr_of_type(DType::int32));
    return node;
  }

  Shape element_of(const NodeDef& node) const {
    const Shape own = shape_attr(node, "element_shape");
    return own.unknown_rank() ? element_ : own;
  }

  // From the last ones back.
  void remove_handles() {
    for (auto id = array_.led_handle.rbegin(); id != array_.led_handle.rend(); ++id) {
      if (draft_.consumers_now(*id).empty()) draft_.remove(*id, {kRule, draft_.name(*id), "led a handle"});
    }
  }

  Draft& draft_;
  const Contexts& contexts_;
  const ArrayFlows::Array& array_;
  const NodeDef before_;
  DType type_ = DType::invalid;
  Shape element_;
  bool grows_ = false;
};

bool stays(const ArrayFlows::Array& array, const Contexts& contexts, const RaiseProblems& problems) {
  const auto lies_where_problems_are = [&](NodeId id) {
    return contexts.of(id) != kRootContext && problems.concern(contexts.of(id));
  };
  if (!array.is_whole || lies_where_problems_are(array.node)) return true;
  return std::ranges::any_of(array.ops, lies_where_problems_are) ||
         std::ranges::any_of(array.led_flow, lies_where_problems_are) ||
         std::ranges::any_of(array.led_handle, lies_where_problems_are);
}

}  // namespace

bool has_arrays(const Draft& draft) {
  for (NodeId id = 0; id < draft.id_limit(); ++id) {
    if (!draft.is_removed(id) && is_array_op(draft.op(id))) return true;
  }
  return false;
}

std::size_t raise_arrays(Draft& draft, const Contexts& contexts, const RaiseProblems& problems) {
  ArrayFlows flows(draft, contexts);
  std::size_t count = 0;
  for (const ArrayFlows::Array& array : flows.arrays()) {
    const bool typed = draft.type_attr(array.node, "dtype").has_value() &&
                       data_input_count(draft.inputs_now(array.node)) == 1;
    if (!typed || stays(array, contexts, problems)) continue;
    ArrayRewriter(draft, contexts, array).run();
    ++count;
  }
  return count;
}

}  // namespace thaw::internal
