// Nodes as lines, for comparing them with what a test expects: the notation of graph_text.h with all
// attributes, sorted.
//
//   w = VarHandleOp | dtype=:f32 shape=(4,8) shared_name="w"
//   n = Const | dtype=:f32 value=f32[2]{1 2}       # `splat`: fewer numbers than elements were written
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "messages/attr_value.h"
#include "model/graph.h"
#include "tensor/shape.h"
#include "tensor/tensor_proto.h"

namespace thaw::internal::node_lines {

inline std::string short_name(DType dtype) {
  static const std::map<DType, std::string> kShort = {
      {DType::float32, "f32"},  {DType::float64, "f64"}, {DType::float16, "f16"},  {DType::bfloat16, "bf16"},
      {DType::int32, "i32"},    {DType::int64, "i64"},   {DType::int8, "i8"},      {DType::uint8, "u8"},
      {DType::boolean, "bool"}, {DType::string, "str"},  {DType::complex64, "c64"}};
  const auto found = kShort.find(dtype);
  return found != kShort.end() ? found->second : std::string(name_of(dtype));
}

inline std::string in_brackets(const Shape& shape) {
  return shape.unknown_rank() ? "[...]" : shape.to_string();
}

template <typename T>
void print_numbers(const std::string& bytes, std::ostream& out) {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T number;
    std::memcpy(&number, bytes.data() + at, sizeof(T));
    out << (at == 0 ? "" : " ") << +number;
  }
}

inline std::string tensor_text(Bytes message) {
  const TensorProto tensor = read_tensor(message);
  std::ostringstream out;
  const DType dtype = tensor.value.dtype();
  out << short_name(dtype) << in_brackets(tensor.value.shape());
  if (tensor.encoding == Encoding::short_list && tensor.value.element_count() > 1) out << "splat";
  out << "{";
  if (dtype == DType::string) {
    const char* comma = "";
    tensor.value.for_each_string([&](Bytes text) { out << std::exchange(comma, ",") << '"' << text << '"'; });
    out << "}";
    return out.str();
  }
  const bool repeated = tensor.encoding == Encoding::short_list && tensor.value.element_count() > 0;
  std::string bytes = tensor.value.bytes();
  if (repeated) bytes.resize(element_size(dtype));
  switch (dtype) {
    case DType::float32:
      print_numbers<float>(bytes, out);
      break;
    case DType::float64:
      print_numbers<double>(bytes, out);
      break;
    case DType::int32:
      print_numbers<std::int32_t>(bytes, out);
      break;
    case DType::int64:
      print_numbers<std::int64_t>(bytes, out);
      break;
    case DType::float16:
    case DType::bfloat16:
      print_numbers<std::uint16_t>(bytes, out);
      break;
    default:
      print_numbers<unsigned char>(bytes, out);
      break;
  }
  out << "}";
  return out.str();
}

inline std::string shape_text(Bytes message) {
  std::string text = in_brackets(decode_shape(message));
  text.front() = '(';
  text.back() = ')';
  return text;
}

inline std::string list_text(Bytes attr) {
  std::string text;
  for (const Bytes item : attr_as_strings(attr)) text += (text.empty() ? "" : ",") + std::string(item);
  for (const DType item : attr_as_types(attr)) text += (text.empty() ? ":" : ",:") + short_name(item);
  for (const std::int64_t item : attr_as_ints(attr)) text += (text.empty() ? "" : ",") + std::to_string(item);
  for_each_item(view_attr(attr).payload, [&](const AttrView& item) {
    if (item.kind == AttrKind::shape) text += (text.empty() ? "" : ",") + shape_text(item.payload);
    return true;
  });
  return "[" + text + "]";
}

inline std::string attr_text(Bytes attr) {
  const AttrView view = view_attr(attr);
  switch (view.kind) {
    case AttrKind::type:
      return ":" + short_name(attr_as_type(attr).value_or(DType::invalid));
    case AttrKind::b:
      return view.scalar != 0 ? "true" : "false";
    case AttrKind::i:
      return std::to_string(static_cast<std::int64_t>(view.scalar));
    case AttrKind::s:
      return '"' + std::string(view.payload) + '"';
    case AttrKind::f: {
      std::ostringstream out;
      out << std::bit_cast<float>(static_cast<std::uint32_t>(view.scalar));
      return out.str();
    }
    case AttrKind::shape:
      return shape_text(view.payload);
    case AttrKind::tensor:
      return tensor_text(view.payload);
    case AttrKind::list:
      return list_text(attr);
    case AttrKind::func:
      return "%" + std::string(attr_as_function(attr).value_or(""));
    default:
      return "unset";
  }
}

inline std::string line_of(const NodeDef& node) {
  std::string line = node.name + " = " + node.op;
  for (const std::string& input : node.inputs) line += " " + input;
  std::map<std::string, std::string> attrs;
  for (const NodeAttr& attr : node.attrs) attrs[attr.key] = attr_text(attr.value.bytes());
  if (!attrs.empty()) line += " |";
  for (const auto& [key, value] : attrs) line += " " + key + "=" + value;
  if (!node.device.empty()) line += " @" + node.device;
  if (!node.unknown.empty()) line += " +" + std::to_string(node.unknown.size()) + " bytes";
  return line;
}

inline std::vector<std::string> lines_of(const Graph& graph) {
  std::vector<std::string> lines;
  for (NodeId id = 0; id < graph.node_count(); ++id) lines.push_back(line_of(graph.node_def(id)));
  return lines;
}

// "absent" when there is no such node.
inline std::string line_of(const Graph& graph, const std::string& name) {
  const NodeId id = graph.find(name);
  return id == kNoNode ? "absent" : line_of(graph.node_def(id));
}

}  // namespace thaw::internal::node_lines
