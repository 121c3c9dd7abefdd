// Origin: what leads from a thawed graph back to the one that it was made from, beyond what freezing does to
// every graph. A message of Thaw's own, the one value of the collection `thaw_origin` in a `.meta`;
// TensorFlow carries collections of bytes through import_meta_graph and Saver.save
// (python/framework/meta_graph.py).
//
//   Origin          1 form, 2 end*, 3 node*, 4 function*, 5 beside the functions, 6 beside the nodes (whole
//                   fields), 7 renamed*, 8 pruned, 9 devices cleared, 10 redeclared*, 11 frame scope, 12
//                   renamed by the user, 13 has functions, 14 split*, 15 operations on floats in place of
//                   quantized ones
//   OriginNode      1 node (NodeDef), 2 now (fixed32), 3 weight
//   OriginFunction  1 definition (FunctionDef) or 2 name, 3 weight*
//   OriginWeight    1 node, 2 variable, 3 kind, 4 items
//   OriginName      1 now, 2 was; of a split: 1 copy, 2 variable
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/node_def.h"
#include "model/model.h"
#include "tensor/tensor_form.h"

namespace thaw::internal {

inline constexpr Bytes kOriginCollection = "thaw_origin";

// A constant without its value, which is that of a variable.
struct OriginWeight {
  std::string node;      // in a function; empty for a node of the graph itself
  std::string variable;  // its node in the thawed graph
  TensorForm form;       // how the constant was encoded
};

// A node of the original, under the names of the thawed graph.
struct OriginNode {
  NodeDef node;
  std::uint32_t now = 0;  // fingerprint_of the node that stands for it
  std::optional<OriginWeight> weight;
};

// A function of the original: one that the thawed graph has, too, by its name, else as it was.
struct OriginFunction {
  std::string name;
  Recipe definition;  // field 1 of a FunctionDefLibrary, tag and length included; weights without values
  std::vector<OriginWeight> weights;
};

struct OriginName {
  std::string now, was;
};

struct OriginSplit {
  std::string copy;      // a constant of the thawed graph
  std::string variable;  // whose value it had: the original had one constant for both
};

// Nodes go by the names that they have in the thawed graph, unless it is said otherwise.
struct OriginRecord {
  std::vector<std::string> ends;  // nodes of the original from which all others can be reached backward
  std::vector<OriginNode> nodes;  // those that freezing does not give back
  bool has_functions = false;     // whether the next two are told: the library was changed
  std::vector<OriginFunction> functions;
  std::string beside_functions, beside_nodes;
  std::vector<OriginName> renamed;
  bool renamed_by_user = false;
  bool pruned = false, devices_cleared = false;
  std::vector<std::string> redeclared;  // placeholders
  std::string frame_scope;
  std::vector<OriginSplit> splits;
  bool float_ops = false;  // the original is the model with these, not the file
};

// Of a node that has to be there, unchanged, for something else to be put in its place: what it does, with
// which settings, and what it takes.
std::uint32_t fingerprint_of(const NodeDef& node);

Recipe encode_origin(const OriginRecord& origin);
// Digits: import_meta_graph with a scope takes values of collections for UTF-8.
std::string as_text(Bytes message);
// Nothing when a graph was not thawed, or by a later version of Thaw whose message means something else.
// Throws malformed.
std::optional<OriginRecord> read_origin(const Envelope& envelope);

}  // namespace thaw::internal
