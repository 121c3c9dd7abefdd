#include "messages/function_def.h"

#include <algorithm>
#include <charconv>

#include "messages/attr_value.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

FunctionArg decode_argument(Bytes message) {
  FunctionArg arg;
  arg.message = message;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) arg.name = field.payload;
    if (field.is(3, WireType::varint))
      arg.type = dtype_of_number(static_cast<std::int64_t>(field.scalar)).value_or(DType::invalid);
  }
  return arg;
}

std::string encode_signature(const FunctionDef& function) {
  std::string out;
  MessageWriter writer(out);
  writer.bytes(1, function.name);
  for (const FunctionArg& arg : function.inputs) writer.bytes(2, arg.message);
  for (const FunctionArg& arg : function.outputs) writer.bytes(3, arg.message);
  return out + function.signature_rest;
}

}  // namespace

const std::string* FunctionDef::find_return(Bytes output) const {
  const auto found = std::ranges::find(returns, output, &FunctionReturn::name);
  return found == returns.end() ? nullptr : &found->value;
}

void decode_signature(Bytes op_def, FunctionDef& function) {
  MessageReader reader(op_def);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) {
      function.name = field.payload;
    } else if (field.is_bytes(2)) {
      function.inputs.push_back(decode_argument(field.payload));
    } else if (field.is_bytes(3)) {
      function.outputs.push_back(decode_argument(field.payload));
    } else {
      function.is_generic |= field.is_bytes(4);
      function.signature_rest.append(field.whole);
    }
  }
}

FunctionArg make_argument(std::string name, DType type) {
  FunctionArg arg{std::move(name), type, {}};
  MessageWriter(arg.message).bytes(1, arg.name).integer(3, static_cast<std::int64_t>(type));
  return arg;
}

FunctionArg make_handle_argument(std::string name, DType element, Bytes encoded_shape) {
  FunctionArg arg = make_argument(std::move(name), DType::resource);
  std::string behind;
  MessageWriter(behind).integer(1, static_cast<std::int64_t>(element)).bytes(2, encoded_shape);
  MessageWriter(arg.message).bytes(7, behind);
  return arg;
}

std::string encode_argument_shape(std::size_t index, Bytes encoded_shape) {
  std::string attr, attrs, entry, out;
  MessageWriter(attr).bytes(1, "_output_shapes").bytes(2, with_appended({}, shape_in_list(encoded_shape)));
  MessageWriter(attrs).bytes(1, attr);
  MessageWriter(entry).varint(1, index).bytes(2, attrs);
  MessageWriter(out).bytes(7, entry);
  return out;
}

Recipe encode_function(const FunctionDef& function) {
  std::string head, maps;
  MessageWriter(head).bytes(1, encode_signature(function));
  Recipe body(std::move(head));
  for (const FunctionNode& node : function.nodes)
    body.add(node.field.empty() ? encode_node_field(node.node, 3) : node.field);
  for (const FunctionReturn& value : function.returns) {
    std::string entry;
    MessageWriter(entry).bytes(1, value.name).bytes(2, value.value);
    MessageWriter(maps).bytes(4, entry);
  }
  for (const NodeAttr& attr : function.attrs) {
    std::string entry;
    MessageWriter(entry).bytes(1, attr.key).bytes(2, attr.value.bytes());
    MessageWriter(maps).bytes(5, entry);
  }
  body.add(std::move(maps));
  body.add(function.rest);
  std::string header;
  append_header(header, 1, body.size());
  Recipe field(std::move(header));
  field.add(std::move(body));
  return field;
}

FunctionInput parse_function_input(Bytes input) {
  if (input.starts_with('^')) return {input.substr(1), {}, 0, true};
  const std::size_t first = input.find(':');
  if (first == Bytes::npos) return {input, {}, 0, false};
  const std::size_t last = input.rfind(':');
  FunctionInput parts{input.substr(0, first), input.substr(first + 1), 0, false};
  if (last == first) return parts;
  parts.output = input.substr(first + 1, last - first - 1);
  std::from_chars(input.data() + last + 1, input.data() + input.size(), parts.number);
  return parts;
}

}  // namespace thaw::internal
