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
// function), [%f,%g] (a list of them), all else is a string. Names hold no blanks here.
//
// Functions stand behind the nodes, their inputs written as TensorFlow does there:
//
//   function inner x:f32 -> y:f32
//     w = Const f32[2,2]
//     m = MatMul:f32 x w:output:0
//     return m:product:0                        # one for each result
//   end
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
#include "messages/function_def.h"
#include "model/graph_builder.h"
#include "support/attr_text.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal::graph_text {

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

// "x:f32".
inline FunctionArg argument_of(const std::string& word) {
  const Words parts = split(word, ':');
  return make_argument(parts.at(0), dtype_of(parts.at(1)));
}

// "function inner x:f32 -> y:f32".
inline FunctionDef signature_of(const std::string& line) {
  FunctionDef function;
  const Words words = blank_separated(line);
  function.name = words.at(1);
  bool is_result = false;
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (words[i] == "->") {
      is_result = true;
    } else {
      (is_result ? function.outputs : function.inputs).push_back(argument_of(words[i]));
    }
  }
  return function;
}

inline void add_returns(const std::string& line, FunctionDef& function) {
  const Words values = blank_separated(line);
  for (std::size_t i = 1; i < values.size(); ++i)
    function.returns.push_back({function.outputs.at(i - 1).name, values[i]});
}

// The GraphDef.
inline std::string graph_bytes(const std::string& text) {
  std::string graph, library;
  FunctionDef function;
  bool in_function = false;
  for (std::string line : split(text, '\n')) {
    const std::size_t hash = std::min(line.find(" #"), line.size());
    line.erase(hash);
    const Words words = blank_separated(line);
    if (words.empty()) continue;
    const bool is_node = words.size() > 1 && words[1] == "=";
    if (!is_node && words[0] == "function") {
      function = signature_of(line);
      in_function = true;
    } else if (!is_node && words[0] == "return") {
      add_returns(line, function);
    } else if (!is_node && words[0] == "end") {
      library += encode_function(function).bytes();
      in_function = false;
    } else if (in_function) {
      function.nodes.push_back({node_of(line), {}});
    } else {
      graph += encode_graph_node(node_of(line)).bytes();
    }
  }
  if (!library.empty()) MessageWriter(graph).bytes(2, library);
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
