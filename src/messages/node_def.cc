#include "messages/node_def.h"

#include <algorithm>
#include <charconv>

#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

const NodeAttr* NodeDef::find_attr(Bytes key) const {
  const auto found = std::ranges::find(attrs, key, &NodeAttr::key);
  return found == attrs.end() ? nullptr : &*found;
}

void NodeDef::set_attr(Bytes key, std::string value) { set_attr(key, Recipe(std::move(value))); }

void NodeDef::set_attr(Bytes key, Recipe value) {
  const auto found = std::ranges::find(attrs, key, &NodeAttr::key);
  if (found != attrs.end()) {
    found->value = std::move(value);
  } else {
    attrs.push_back({std::string(key), std::move(value)});
  }
}

void NodeDef::drop_attr(Bytes key) {
  std::erase_if(attrs, [&](const NodeAttr& attr) { return attr.key == key; });
}

NodeDef decode_node(Bytes message) {
  NodeDef node;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.type != WireType::length_delimited || field.number > 5) {
      node.unknown.append(field.whole);
      continue;
    }
    switch (field.number) {
      case 1:
        node.name = field.payload;
        break;
      case 2:
        node.op = field.payload;
        break;
      case 3:
        node.inputs.emplace_back(field.payload);
        break;
      case 4:
        node.device = field.payload;
        break;
      default: {
        const MapEntry entry = read_map_entry(field.payload);
        node.set_attr(entry.key, std::string(entry.value));  // of equal keys of a map the last one counts
      }
    }
  }
  return node;
}

std::uint32_t data_input_count(const NodeDef& node) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(node.inputs, [](const std::string& input) { return !input.starts_with('^'); }));
}

std::optional<Bytes> find_attr(Bytes message, Bytes key) {
  std::optional<Bytes> value;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (!field.is_bytes(5)) continue;
    const MapEntry entry = read_map_entry(field.payload);
    if (entry.key == key) value = entry.value;
  }
  return value;
}

namespace {

void encode_head(const NodeDef& node, std::string& out) {
  MessageWriter writer(out);
  writer.bytes(1, node.name).bytes(2, node.op);
  for (const std::string& input : node.inputs) writer.bytes(3, input);
  if (!node.device.empty()) writer.bytes(4, node.device);
}

// All of an attribute's field but the value, which ends it.
void encode_attr_head(const NodeAttr& attr, std::string& out) {
  const std::uint64_t value = attr.value.size();
  const std::uint64_t key = 1 + varint_size(attr.key.size()) + attr.key.size();
  append_header(out, 5, key + 1 + varint_size(value) + value);
  MessageWriter(out).bytes(1, attr.key);
  append_header(out, 2, value);
}

}  // namespace

bool encode_in_memory(const NodeDef& node, std::string& out) {
  encode_head(node, out);
  const std::size_t head = out.size();
  for (const NodeAttr& attr : node.attrs) {
    const std::optional<Bytes> value = attr.value.in_memory();
    if (!value) {
      out.resize(head);
      return false;
    }
    encode_attr_head(attr, out);
    out.append(*value);
  }
  out.append(node.unknown);
  return true;
}

Recipe encode_graph_node(const NodeDef& node) { return encode_node_field(node, 1); }

std::string encoded_node(const NodeDef& node) { return encode_graph_node(node).bytes(); }

Recipe encode_node_field(const NodeDef& node, std::uint32_t number) {
  std::string head;
  encode_head(node, head);
  Recipe body(std::move(head));
  for (const NodeAttr& attr : node.attrs) {
    std::string attr_head;
    encode_attr_head(attr, attr_head);
    body.add(std::move(attr_head));
    body.add(attr.value);
  }
  body.add(node.unknown);
  std::string header;
  append_header(header, number, body.size());
  Recipe field(std::move(header));
  field.add(std::move(body));
  return field;
}

InputName parse_input(Bytes input) {
  if (!input.empty() && input[0] == '^') return {input.substr(1), 0, true};
  if (input.find(':') == Bytes::npos) return {input, 0, false};
  const std::size_t colon = input.rfind(':');
  InputName name{input.substr(0, colon), 0, false};
  const Bytes digits = input.substr(colon + 1);
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), name.output);
  if (digits.empty() || result.ec != std::errc() || result.ptr != digits.data() + digits.size() ||
      name.output > 0x7FFFFFFF) {
    throw Error(ErrorKind::malformed, "an input called " + quoted(input), "a node's name, or name:number");
  }
  return name;
}

std::string format_input(Bytes node, std::uint32_t output) {
  return output == 0 ? std::string(node) : std::string(node) + ":" + std::to_string(output);
}

}  // namespace thaw::internal
