#include "model/origin.h"

#include <algorithm>

#include "io/crc32c.h"
#include "messages/attr_value.h"
#include "model/variable_defs.h"
#include "ops/op_defaults.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kForm = 1;

// A message field that is not wholly in memory.
void add_field(Recipe& out, std::uint32_t number, Recipe message) {
  std::string header;
  append_header(header, number, message.size());
  out.add(Recipe(std::move(header)));
  out.add(std::move(message));
}

std::string encode_weight(const OriginWeight& weight) {
  std::string out;
  MessageWriter writer(out);
  if (!weight.node.empty()) writer.bytes(1, weight.node);
  writer.bytes(2, weight.variable);
  if (weight.form.kind != TensorForm::Kind::usual)
    writer.varint(3, static_cast<std::uint64_t>(weight.form.kind)).varint(4, weight.form.items);
  return out;
}

OriginWeight decode_weight(Bytes message) {
  OriginWeight weight;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) weight.node = field.payload;
    if (field.is_bytes(2)) weight.variable = field.payload;
    if (field.is(3, WireType::varint) && field.scalar <= 2)
      weight.form.kind = static_cast<TensorForm::Kind>(field.scalar);
    if (field.is(4, WireType::varint)) weight.form.items = field.scalar;
  }
  return weight;
}

Recipe encode_node(const OriginNode& node) {
  Recipe out = encode_node_field(node.node, 1);
  std::string rest;
  MessageWriter writer(rest);
  writer.fixed32(2, node.now);
  if (node.weight) writer.bytes(3, encode_weight(*node.weight));
  out.add(Recipe(std::move(rest)));
  return out;
}

OriginNode decode_origin_node(Bytes message) {
  OriginNode node;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) node.node = decode_node(field.payload);
    if (field.is(2, WireType::fixed32)) node.now = static_cast<std::uint32_t>(field.scalar);
    if (field.is_bytes(3)) node.weight = decode_weight(field.payload);
  }
  return node;
}

Recipe encode_origin_function(const OriginFunction& function) {
  Recipe out = function.definition;
  std::string rest;
  MessageWriter writer(rest);
  if (function.definition.empty()) writer.bytes(2, function.name);
  for (const OriginWeight& weight : function.weights) writer.bytes(3, encode_weight(weight));
  out.add(Recipe(std::move(rest)));
  return out;
}

OriginFunction decode_origin_function(Bytes message) {
  OriginFunction function;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) function.definition = Recipe(std::string(field.whole));
    if (field.is_bytes(2)) function.name = field.payload;
    if (field.is_bytes(3)) function.weights.push_back(decode_weight(field.payload));
  }
  return function;
}

std::string encode_pair(Bytes first, Bytes second) {
  std::string out;
  MessageWriter(out).bytes(1, first).bytes(2, second);
  return out;
}

std::string encode_small_parts(const OriginRecord& origin) {
  std::string out;
  MessageWriter writer(out);
  if (origin.has_functions) writer.bytes(5, origin.beside_functions);
  if (!origin.beside_nodes.empty()) writer.bytes(6, origin.beside_nodes);
  for (const OriginName& name : origin.renamed) writer.bytes(7, encode_pair(name.now, name.was));
  if (origin.pruned) writer.boolean(8, true);
  if (origin.devices_cleared) writer.boolean(9, true);
  for (const std::string& name : origin.redeclared) writer.bytes(10, name);
  if (!origin.frame_scope.empty()) writer.bytes(11, origin.frame_scope);
  if (origin.renamed_by_user) writer.boolean(12, true);
  if (origin.has_functions) writer.boolean(13, true);
  if (origin.float_ops) writer.boolean(15, true);
  for (const OriginSplit& split : origin.splits) writer.bytes(14, encode_pair(split.copy, split.variable));
  return out;
}

// Fields from number `first` on: what is told as nodes or functions stands in fields of its own.
std::string fields_from(std::uint32_t first, Bytes message) {
  std::string kept;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.number >= first) kept += field.whole;
  }
  return kept;
}

void read_text(const FieldView& field, OriginRecord& origin) {
  const MapEntry pair = field.number == 7 || field.number == 14 ? read_map_entry(field.payload) : MapEntry{};
  switch (field.number) {
    case 2:
      origin.ends.emplace_back(field.payload);
      break;
    case 3:
      origin.nodes.push_back(decode_origin_node(field.payload));
      break;
    case 4:
      origin.functions.push_back(decode_origin_function(field.payload));
      break;
    case 5:
      origin.beside_functions = fields_from(2, field.payload);
      break;
    case 6:
      origin.beside_nodes = fields_from(3, field.payload);
      break;
    case 7:
      origin.renamed.push_back({std::string(pair.key), std::string(pair.value)});
      break;
    case 10:
      origin.redeclared.emplace_back(field.payload);
      break;
    case 11:
      origin.frame_scope = field.payload;
      break;
    case 14:
      origin.splits.push_back({std::string(pair.key), std::string(pair.value)});
      break;
    default:
      break;
  }
}

void read_number(const FieldView& field, std::uint64_t& form, OriginRecord& origin) {
  const bool value = field.scalar != 0;
  if (field.number == 1) form = field.scalar;
  if (field.number == 8) origin.pruned = value;
  if (field.number == 9) origin.devices_cleared = value;
  if (field.number == 12) origin.renamed_by_user = value;
  if (field.number == 13) origin.has_functions = value;
  if (field.number == 15) origin.float_ops = value;
}

// What an attribute says, however it is encoded; nothing for what is too large to be a setting, or changes
// when TensorFlow saves a graph: functions, tensors, shapes.
std::string saying_of(Bytes attr) {
  const AttrView view = view_attr(attr);
  std::string text = std::to_string(static_cast<int>(view.kind)) + ":";
  switch (view.kind) {
    case AttrKind::i:
    case AttrKind::f:
    case AttrKind::b:
    case AttrKind::type:
      return text + std::to_string(view.scalar);
    case AttrKind::s:
      return text + std::string(view.payload);
    case AttrKind::list:
      for (const std::int64_t number : attr_as_ints(attr)) text += std::to_string(number) + ",";
      for (const DType type : attr_as_types(attr)) text += std::string(name_of(type)) + ",";
      return text;
    default:
      return "";
  }
}

// Settings that are not the operation's defaults, sorted: TensorFlow writes those down or leaves them out.
std::vector<std::string> told_attrs(const NodeDef& node) {
  std::vector<std::string> told;
  for (const NodeAttr& attr : node.attrs) {
    const std::optional<Bytes> value = attr.key.starts_with("_") ? std::nullopt : attr.value.in_memory();
    const std::string saying = value ? saying_of(*value) : "";
    const auto preset = default_attr(node.op, attr.key);
    if (!saying.empty() && !(preset && saying_of(*preset) == saying)) told.push_back(attr.key + "=" + saying);
  }
  std::ranges::sort(told);
  return told;
}

std::optional<OriginRecord> decode_origin(Bytes message) {
  OriginRecord origin;
  std::uint64_t form = 0;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.type == WireType::length_delimited) {
      read_text(field, origin);
    } else {
      read_number(field, form, origin);
    }
  }
  return form == kForm ? std::optional(std::move(origin)) : std::nullopt;
}

}  // namespace

std::uint32_t fingerprint_of(const NodeDef& node) {
  std::vector<std::string> waits;
  std::string text = node.op;
  for (const std::string& attr : told_attrs(node)) text += '\0' + attr;
  for (const std::string& input : node.inputs) {
    const InputName name = parse_input(input);
    if (name.is_control) {
      waits.emplace_back(name.node);
    } else {
      text += '\0' + format_input(name.node, name.output);
    }
  }
  std::ranges::sort(waits);
  for (const std::string& wait : waits) text += '\0' + ("^" + wait);
  return crc32c_extend(0, text);
}

Recipe encode_origin(const OriginRecord& origin) {
  std::string head;
  MessageWriter writer(head);
  writer.varint(1, kForm);
  for (const std::string& end : origin.ends) writer.bytes(2, end);
  Recipe out(std::move(head));
  for (const OriginNode& node : origin.nodes) add_field(out, 3, encode_node(node));
  for (const OriginFunction& function : origin.functions) add_field(out, 4, encode_origin_function(function));
  out.add(Recipe(encode_small_parts(origin)));
  return out;
}

std::string as_text(Bytes message) {
  constexpr Bytes kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : message) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::optional<OriginRecord> read_origin(const Envelope& envelope) {
  for (const NamedMessage& collection : envelope.collections) {
    if (collection.name != kOriginCollection) continue;
    std::optional<OriginRecord> origin;
    each_collected(collection.message, [&](Bytes value) {
      const auto digit = [](char c) { return c >= 'a' ? c - 'a' + 10 : c - '0'; };
      if (value.size() % 2 != 0 || value.find_first_not_of("0123456789abcdef") != Bytes::npos) return;
      std::string message;
      for (std::size_t i = 0; i < value.size(); i += 2)
        message += static_cast<char>(digit(value[i]) * 16 + digit(value[i + 1]));
      origin = decode_origin(message);
    });
    return origin;
  }
  return std::nullopt;
}

}  // namespace thaw::internal
