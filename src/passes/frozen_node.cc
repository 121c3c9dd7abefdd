#include "passes/frozen_node.h"

#include "draft/library_edit.h"
#include "messages/attr_value.h"
#include "ops/op_slots.h"
#include "passes/node_templates.h"
#include "passes/tensor_attr.h"
#include "tensor/shape.h"
#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr const char* kReadOnly = "_read_only_resource_inputs";

const FrozenValue& first_of(const FrozenSlots& values) { return values.begin()->second; }

[[noreturn]] void refuse(const NodeDef& node, const FrozenValue& value, const std::string& does,
                         const std::string& expected) {
  throw Error(ErrorKind::unsupported,
              "node " + thaw::quoted(node.name) + " (" + escaped(node.op) + ") " + does + " variable " +
                  thaw::quoted(value.variable),
              expected, "other outputs, or --keep-variables " + thaw::quoted(value.variable));
}

void set_type(NodeDef& node, Bytes key, DType dtype) { node.set_attr(key, attr_of_type(dtype)); }

void set_type_in_list(NodeDef& node, Bytes key, std::uint32_t index, DType dtype) {
  const NodeAttr* attr = node.find_attr(key);
  std::vector<DType> types = attr == nullptr ? std::vector<DType>{} : attr_as_types(attr->value.bytes());
  if (index >= types.size()) return;
  types[index] = dtype;
  node.set_attr(key, attr_of_types(types));
}

void set_shape_in_list(NodeDef& node, Bytes key, std::uint32_t index, const Shape& shape) {
  const NodeAttr* attr = node.find_attr(key);
  if (attr == nullptr) return;
  const std::string list = attr->value.bytes();
  std::string changed;
  std::uint32_t at = 0;
  MessageReader reader(view_attr(list).payload);
  for (FieldView field; reader.next(field);) {
    const bool is_it = field.is_bytes(7) && at++ == index;
    changed.append(is_it ? shape_in_list(encode_shape(shape)) : std::string(field.whole));
  }
  if (at > index) node.set_attr(key, with_appended({}, changed));
}

void copy_attr(const NodeDef& from, Bytes key, NodeDef& to, Bytes new_key) {
  if (const NodeAttr* attr = from.find_attr(key)) to.set_attr(new_key, attr->value);
}

void wait_for(NodeDef& node, const std::string& input) {
  const InputName name = parse_input(input);
  node.inputs.push_back("^" + std::string(name.node));
}

// New nodes in the place of old ones, as TensorFlow's freezer makes them: nothing of the old one is left but
// its colocation, neither device nor control inputs.
FrozenNode freeze_read(const NodeDef& node, const FrozenSlots& values) {
  FrozenNode done{make_node(node.name, "Identity", {node.inputs[0]}), {}, "Z2", "a read of a constant"};
  set_type(done.node, "T", first_of(values).dtype);
  copy_attr(node, "_class", done.node, "_class");
  return done;
}

// The freezer's own constant for the axis waits for nothing and lies outside of every loop, where a node of
// the loop cannot take it.
FrozenNode freeze_gather(const NodeDef& node, const FrozenSlots& values, const FrozenPlace& place) {
  const NodeAttr* type = node.find_attr("Tindices");
  const NodeAttr* batch = node.find_attr("batch_dims");
  const DType indices =
      type == nullptr ? DType::invalid : attr_as_type(type->value.bytes()).value_or(DType::invalid);
  const std::int64_t dims = batch == nullptr ? 0 : attr_as_int(batch->value.bytes()).value_or(0);
  if (element_size(indices) == 0 || data_input_count(node) != 2)
    refuse(node, first_of(values), "gathers, with other attributes than the operation has, from",
           "inputs resource and indices, the type of the second");
  std::string element(element_size(indices), '\0');
  for (std::size_t i = 0; i < element.size(); ++i) element[i] = static_cast<char>(dims >> (8 * i));
  NodeDef axis = make_node(place.unique_name(node.name + "/axis"), "Const");
  set_type(axis, "dtype", indices);
  axis.set_attr("value", tensor_attr(Value::from_bytes(indices, Shape(), std::move(element))));
  if (place.in_loop) wait_for(axis, node.inputs[1]);

  const std::string axis_input = place.in_function ? axis.name + ":output:0" : axis.name;
  FrozenNode done{make_node(node.name, "GatherV2", {node.inputs[0], node.inputs[1], axis_input}),
                  {},
                  "Z4",
                  "gathers from a constant"};
  set_type(done.node, "Taxis", indices);
  set_type(done.node, "Tindices", indices);
  set_type(done.node, "Tparams", first_of(values).dtype);
  copy_attr(node, "_class", done.node, "_class");
  if (dims != 0) done.node.set_attr("batch_dims", batch->value);
  done.axis = std::move(axis);
  return done;
}

FrozenNode freeze_gather_nd(const NodeDef& node, const FrozenSlots& values) {
  if (data_input_count(node) != 2)
    refuse(node, first_of(values), "gathers without indices from", "inputs resource and indices");
  FrozenNode done{make_node(node.name, "GatherNd", {node.inputs[0], node.inputs[1]}),
                  {},
                  "Z4",
                  "gathers from a constant"};
  copy_attr(node, "Tindices", done.node, "Tindices");
  set_type(done.node, "Tparams", first_of(values).dtype);
  copy_attr(node, "_class", done.node, "_class");
  return done;
}

FrozenNode freeze_shape(const NodeDef& node, const FrozenSlots& values) {
  FrozenNode done{make_node(node.name, "Shape", node.inputs), {}, "Z5", "the shape of a constant"};
  done.node.device = node.device;
  set_type(done.node, "T", first_of(values).dtype);
  copy_attr(node, "_class", done.node, "_class");
  copy_attr(node, "out_type", done.node, "out_type");
  return done;
}

// A constant has its value, always.
FrozenNode freeze_question(const NodeDef& node, const FrozenPlace& place) {
  FrozenNode done{make_node(node.name, "Const", {}), {}, "Z5", "a constant has its value"};
  copy_attr(node, "_class", done.node, "_class");
  set_type(done.node, "dtype", DType::boolean);
  done.node.set_attr("value", tensor_attr(Value::from_bytes(DType::boolean, Shape(), std::string(1, '\1'))));
  if (place.in_loop) wait_for(done.node, node.inputs[0]);
  return done;
}

FrozenNode freeze_passer(const NodeDef& node, const FrozenSlots& values, VariableUse use) {
  FrozenNode done{node, {}, "Z3", "passes a value on"};
  const FrozenValue& first = first_of(values);
  if (first.is_ref) {
    done.rule = "Z8";
    done.what = node.op + " of a constant";
    done.node.op = node.op.substr(Bytes("Ref").size());
    return done;
  }
  done.node.drop_attr("_output_shapes");
  if (use == VariableUse::pass_each) {
    for (const auto& [slot, value] : values) set_type_in_list(done.node, "T", slot, value.dtype);
    return done;
  }
  if (use == VariableUse::merge) {
    for (const auto& [slot, value] : values) {
      if (value.dtype == first.dtype && values.size() == data_input_count(node)) continue;
      refuse(node, value, "merges other things with", "variables of one type that are all frozen");
    }
  }
  set_type(done.node, "T", first.dtype);
  return done;
}

// Which of a function's inputs are variables that are only read (python/framework/auto_control_deps.py).
void forget_read_only(NodeDef& node, const FrozenSlots& values) {
  const NodeAttr* attr = node.find_attr(kReadOnly);
  if (attr == nullptr) return;
  std::string packed, list, changed;
  for (const std::int64_t input : attr_as_ints(attr->value.bytes())) {
    if (!values.contains(static_cast<std::uint32_t>(input)))
      append_varint(packed, static_cast<std::uint64_t>(input));
  }
  if (!packed.empty()) MessageWriter(list).bytes(3, packed);
  MessageWriter(changed).bytes(static_cast<std::uint32_t>(AttrKind::list), list);
  node.set_attr(kReadOnly, changed);
}

// That all functions of a choice give back the same argument is seen when the outputs are taken: else
// `names` makes functions whose results nobody can take, and fails.
void set_results(NodeDef& node, const CallSite& site, const FrozenSlots& arguments,
                 const FrozenFunctions& functions) {
  const auto results =
      static_cast<std::uint32_t>(functions.library().functions()[site.callees[0].function].outputs.size());
  for (std::uint32_t i = 0; i < results; ++i) {
    const std::optional<std::uint32_t> argument = functions.given_back(site, i);
    const auto value = argument ? arguments.find(*argument) : arguments.end();
    if (value == arguments.end()) continue;
    set_type_in_list(node, "Tout", i, value->second.dtype);
    set_shape_in_list(node, "_output_shapes", i, value->second.shape);
  }
}

FrozenNode freeze_call(const NodeDef& node, const FrozenSlots& values, const FrozenPlace& place) {
  const std::optional<CallSite> site = find_call_site(node, place.functions.library());
  if (!site || values.begin()->first < site->first_argument)
    refuse(node, first_of(values), "is given and not understood with", "operations that read variables");
  FrozenSlots arguments;
  for (const auto& [slot, value] : values) arguments.emplace(slot - site->first_argument, value);
  FrozenNode done{node, {}, "Z6", "passes " + std::to_string(values.size()) + " constants"};
  for (const auto& [index, value] : arguments) {
    if (!site->types.empty()) set_type_in_list(done.node, site->types, index, value.dtype);
    if (site->kind != CallKind::loop) continue;
    set_shape_in_list(done.node, "output_shapes", index, value.shape);
    set_shape_in_list(done.node, "_output_shapes", index, value.shape);
  }
  if (site->kind != CallKind::loop) set_results(done.node, *site, arguments, place.functions);
  forget_read_only(done.node, values);
  rename_functions(done.node, *site, place.functions.names(*site, arguments));
  return done;
}

}  // namespace

FrozenNode freeze_node(const NodeDef& node, const FrozenSlots& values, const FrozenPlace& place) {
  const auto& [slot, value] = *values.begin();
  const VariableUse use = use_of_variable(node.op, slot, value.is_ref);
  switch (use) {
    case VariableUse::pass:
    case VariableUse::choose:
    case VariableUse::merge:
    case VariableUse::pass_each:
      return freeze_passer(node, values, use);
    case VariableUse::read:
      return freeze_read(node, values);
    case VariableUse::gather:
      return freeze_gather(node, values, place);
    case VariableUse::gather_nd:
      return freeze_gather_nd(node, values);
    case VariableUse::shape:
      return freeze_shape(node, values);
    case VariableUse::is_set:
      return freeze_question(node, place);
    case VariableUse::call:
      return freeze_call(node, values, place);
    case VariableUse::change:
      refuse(node, value, "changes", "outputs that can be computed without changing variables");
    default:
      refuse(node, value, "takes, and is not known to read only,", "operations that read variables");
  }
}

}  // namespace thaw::internal
