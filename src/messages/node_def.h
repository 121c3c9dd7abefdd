// NodeDef (core/framework/node_def.proto): 1 name, 2 op, 3 input, 4 device, 5 attr map<string, AttrValue>;
// all other fields (6 experimental_debug_info, 7 experimental_type, later ones) are carried as they came.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/recipe.h"

namespace thaw::internal {

struct NodeAttr {
  std::string key;
  Recipe value;  // an encoded AttrValue
};

struct NodeDef {
  std::string name;
  std::string op;
  std::vector<std::string> inputs;  // data inputs first, then "^control"
  std::string device;
  std::vector<NodeAttr> attrs;
  std::string unknown;  // whole fields

  const NodeAttr* find_attr(Bytes key) const;
  void set_attr(Bytes key, std::string value);
  void set_attr(Bytes key, Recipe value);
  void drop_attr(Bytes key);
};

NodeDef decode_node(Bytes message);
std::uint32_t data_input_count(const NodeDef& node);
// One attribute of an encoded node.
std::optional<Bytes> find_attr(Bytes message, Bytes key);

// The node as field 1 of a GraphDef, tag and length included.
Recipe encode_graph_node(const NodeDef& node);
std::string encoded_node(const NodeDef& node);  // the same as bytes
// The same as another field: 3 of a FunctionDef.
Recipe encode_node_field(const NodeDef& node, std::uint32_t number);
// The node itself, name and op first, appended to `out`. False when it is more than bytes in memory: then
// only name, op, inputs and device are there.
bool encode_in_memory(const NodeDef& node, std::string& out);

// NodeDef.input as its parts: "a" is output 0 of a, "a:2" output 2, "^a" a control edge.
struct InputName {
  Bytes node;
  std::uint32_t output = 0;
  bool is_control = false;
};
// Throws malformed for an output number that is no number.
InputName parse_input(Bytes input);
std::string format_input(Bytes node, std::uint32_t output);

}  // namespace thaw::internal
