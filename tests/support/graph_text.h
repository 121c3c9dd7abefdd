// Graphs for tests, one node a line:
//
//   x = Placeholder f32[?,4]                    # f32[...] has an unknown rank
//   w = Const f32[4,8]                          # numbers that look learned, encoded as freezers do
//   n = Const i32[2] = -1 8                     # these numbers
//   z = Const f32[8] splat 0 ^x                 # one number, repeated; a control input
//   w/read = Identity:f32 w | _class=[loc:@w]   # `:f32` is short for T=:f32
//   y = MatMul:f32 x w/read | transpose_b=false @/device:CPU:0
//
// Attributes: true and false, 5, 0.5, :f32 (a type), (2,3) (a shape), [a,b] [1,2] [:f32] (lists), %name (a
// function), all else is a string. Names hold no blanks here.
#pragma once

#include <bit>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "messages/attr_value.h"
#include "model/graph_builder.h"
#include "support/tensor_text.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal::graph_text {

inline bool is_number(const std::string& word) {
  return word.find_first_of("0123456789") != std::string::npos &&
         word.find_first_not_of("-.0123456789e") == std::string::npos;
}

inline std::string list_attr(const std::string& inner) {
  const Words items = split(inner, ',');
  if (!items.empty() && items[0][0] == ':') {
    std::vector<DType> dtypes;
    for (const std::string& item : items) dtypes.push_back(dtype_of(item.substr(1)));
    return attr_of_types(dtypes);
  }
  if (items.empty() || !is_number(items[0])) return attr_of_strings(items);
  std::string packed, list, out;
  for (const std::string& item : items) append_varint(packed, static_cast<std::uint64_t>(std::stoll(item)));
  MessageWriter(list).bytes(3, packed);
  MessageWriter(out).bytes(1, list);
  return out;
}

inline std::string attr_of(const std::string& word) {
  std::string out;
  if (word == "true" || word == "false") return attr_of_bool(word == "true");
  if (word.starts_with(':')) return attr_of_type(dtype_of(word.substr(1)));
  if (word.starts_with('(')) return attr_of_shape(encode_shape(shape_of(word.substr(1, word.size() - 2))));
  if (word.starts_with('[')) return list_attr(word.substr(1, word.size() - 2));
  if (word.starts_with('%')) {
    std::string function;
    MessageWriter(function).bytes(1, word.substr(1));
    MessageWriter(out).bytes(10, function);
    return out;
  }
  if (!is_number(word)) return attr_of_string(word);
  if (word.find('.') == std::string::npos) return attr_of_int(std::stoll(word));
  MessageWriter(out).real(4, std::strtof(word.c_str(), nullptr));
  return out;
}

// "key=value" words behind the bar, and the device.
inline void read_tail(const std::string& tail, NodeDef& node) {
  for (const std::string& word : blank_separated(tail)) {
    const std::size_t equals = word.find('=');
    if (word[0] == '@') {
      node.device = word.substr(1);
    } else if (equals == std::string::npos) {
      bad("no attribute: " + word);
    } else {
      node.set_attr(word.substr(0, equals), attr_of(word.substr(equals + 1)));
    }
  }
}

inline NodeDef node_of(std::string line) {
  NodeDef node;
  const std::size_t tail = std::min({line.find(" |"), line.find(" @"), line.size()});
  std::string rest = line.substr(tail);
  if (rest.starts_with(" |")) rest.erase(0, 2);
  Words words = blank_separated(line.substr(0, tail));
  if (words.size() < 3 || words[1] != "=") bad("no node: " + line);
  node.name = words[0];
  const Words op = split(words[2], ':');
  node.op = op[0];
  if (op.size() > 1) node.set_attr("T", attr_of_type(dtype_of(op[1])));
  words.erase(words.begin(), words.begin() + 3);
  const bool typed = !words.empty() && (node.op == "Const" || node.op == "Placeholder");
  if (typed) {
    const Typed type(words[0]);
    words.erase(words.begin());
    node.set_attr("dtype", attr_of_type(type.dtype));
    if (node.op == "Const") node.set_attr("value", attr_of_tensor(constant_value(node.name, type, words)));
    if (node.op == "Placeholder") node.set_attr("shape", attr_of_shape(encode_shape(type.shape)));
  }
  node.inputs = words;
  read_tail(rest, node);
  return node;
}

// The GraphDef.
inline std::string graph_bytes(const std::string& text) {
  std::string graph;
  for (std::string line : split(text, '\n')) {
    const std::size_t hash = std::min(line.find(" #"), line.size());
    line.erase(hash);
    if (line.find_first_not_of(' ') == std::string::npos) continue;
    graph += encode_graph_node(node_of(line)).bytes();
  }
  return graph;
}

inline std::shared_ptr<const Graph> read_graph(SourcePtr source) {
  GraphBuilder builder(source);
  Window window(*source, {0, source->size()});
  Walk walk(window);
  for (Field field; walk.next(field);) builder.add(field, window);
  return builder.finish();
}

inline std::shared_ptr<const Graph> graph_of(const std::string& text) {
  return read_graph(memory_source(graph_bytes(text)));
}

}  // namespace thaw::internal::graph_text
