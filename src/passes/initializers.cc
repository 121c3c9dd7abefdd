#include "passes/initializers.h"

#include "messages/attr_value.h"
#include "passes/node_templates.h"
#include "tensor/tensor_proto.h"

namespace thaw::internal {

namespace {

// Above this a splat Const would keep its whole tensor in the session; TensorFlow draws the same line
// (python/ops/array_ops.py, _constant_if_small).
constexpr std::int64_t kSmall = 1000;

void add_node(Draft& draft, NodeDef node) {
  Change change{"V4", node.name, "initialiser"};
  draft.add(std::move(node), kNoNode, std::move(change));
}

std::string add_filled(Draft& draft, const std::string& name, DType dtype, const Shape& shape, Bytes element,
                       const std::string& control) {
  std::vector<std::string> controls;
  if (!control.empty()) controls.push_back(control);
  if (shape.element_count().value_or(0) < kSmall) {
    NodeDef constant = make_fill_constant(name, dtype, shape, element);
    constant.inputs = controls;
    add_node(draft, std::move(constant));
    return name;
  }
  std::string dims;
  for (const std::int64_t dim : shape.dims()) {
    for (int shift = 0; shift < 64; shift += 8)
      dims += static_cast<char>(static_cast<std::uint64_t>(dim) >> shift);
  }
  const auto rank = static_cast<std::int64_t>(shape.rank());
  NodeDef shape_node = make_constant(draft.unique_name(name + "/shape_as_tensor"),
                                     Value::from_bytes(DType::int64, Shape({rank}), dims));
  NodeDef element_node = make_fill_constant(draft.unique_name(name + "/Const"), dtype, Shape(), element);
  shape_node.inputs = element_node.inputs = controls;
  NodeDef fill = make_node(name, "Fill", {shape_node.name, element_node.name});
  fill.set_attr("T", attr_of_type(dtype));
  fill.set_attr("index_type", attr_of_type(DType::int64));
  add_node(draft, std::move(shape_node));
  add_node(draft, std::move(element_node));
  add_node(draft, std::move(fill));
  return name;
}

NodeDef with_type(NodeDef node, Bytes key, DType dtype) {
  node.set_attr(key, attr_of_type(dtype));
  return node;
}

}  // namespace

Initializers::Initializers(Draft& draft, Initializer kind, const SaverNames& saver,
                           const std::vector<Variable>& variables, const CheckpointContents& contents)
    : draft_(draft), kind_(kind) {
  if (kind_ != Initializer::restore) return;
  const std::string scope = draft_.unique_name(saver.scope + "/initial");
  const auto at = [&](const char* name) { return scope + "/" + name; };
  // Size(MatchingFiles(prefix + ".index")) > 0
  add_node(draft_, make_string_constant(at("suffix"), ".index"));
  NodeDef pattern = make_node(at("pattern"), "StringJoin", {saver.filename, at("suffix")});
  pattern.set_attr("N", attr_of_int(2));
  pattern.set_attr("separator", attr_of_string(""));
  add_node(draft_, std::move(pattern));
  add_node(draft_, make_node(at("files"), "MatchingFiles", {at("pattern")}));
  NodeDef count = with_type(make_node(at("count"), "Size", {at("files")}), "T", DType::string);
  add_node(draft_, with_type(std::move(count), "out_type", DType::int32));
  add_node(draft_, make_fill_constant(at("none"), DType::int32, Shape(), std::string(4, '\0')));
  add_node(draft_,
           with_type(make_node(at("exists"), "Greater", {at("count"), at("none")}), "T", DType::int32));
  add_node(draft_,
           with_type(make_node(at("prefix"), "Switch", {saver.filename, at("exists")}), "T", DType::string));
  add_node(draft_, make_identity(at("absent"), at("prefix"), DType::string));
  add_node(draft_, make_identity(at("present"), at("prefix") + ":1", DType::string));
  when_absent_ = "^" + at("absent");
  restore_ = at("RestoreV2");

  std::vector<std::string> keys, slices;
  std::vector<DType> dtypes;
  for (const Variable& variable : variables) {
    keys.push_back(variable.key);
    slices.push_back(variable.slice ? variable.slice->spec() : "");
    dtypes.push_back(contents.blobs[variable.blob].dtype());
  }
  NodeDef names = make_string_list(restore_ + "/tensor_names", keys);
  NodeDef places = make_string_list(restore_ + "/shape_and_slices", slices);
  NodeDef restore = make_node(restore_, "RestoreV2", {at("present"), names.name, places.name});
  names.device = places.device = restore.device = "/device:CPU:0";
  restore.set_attr("dtypes", attr_of_types(dtypes));
  add_node(draft_, std::move(names));
  add_node(draft_, std::move(places));
  add_node(draft_, std::move(restore));
}

std::string Initializers::add(std::size_t index, const Variable& variable, const Value& value) {
  const std::string name = draft_.unique_name(variable.name + "/Initializer/" +
                                              (kind_ == Initializer::nan     ? "nan"
                                               : kind_ == Initializer::value ? "value"
                                                                             : "restored"));
  if (kind_ == Initializer::value) {
    NodeDef constant = make_constant(name, value);
    add_node(draft_, std::move(constant));
    return name;
  }
  if (kind_ == Initializer::nan)
    return add_filled(draft_, name, value.dtype(), value.shape(), loud_element(value.dtype()), "");
  const std::string fill =
      add_filled(draft_, draft_.unique_name(variable.name + "/Initializer/nan"), value.dtype(), value.shape(),
                 loud_element(value.dtype()), when_absent_);
  NodeDef merge = make_node(name, "Merge", {fill, format_input(restore_, static_cast<std::uint32_t>(index))});
  merge.set_attr("N", attr_of_int(2));
  merge.set_attr("T", attr_of_type(value.dtype()));
  add_node(draft_, std::move(merge));
  return name;
}

std::string Initializers::add_zeros(Draft& draft, const std::string& variable, DType dtype,
                                    const Shape& shape) {
  return add_filled(draft, draft.unique_name(variable + "/Initializer/zeros"), dtype, shape,
                    std::string(element_size(dtype), '\0'), "");
}

}  // namespace thaw::internal
