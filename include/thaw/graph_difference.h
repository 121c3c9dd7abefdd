// What differs between two graphs, A and B.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// How far apart the elements of two tensors of one type and shape are.
struct ValueDelta {
  std::uint64_t elements = 0;
  std::uint64_t changed = 0;      // those that count as different
  std::uint64_t within = 0;       // those that are not the same bits, but within the tolerance
  std::uint64_t not_finite = 0;   // of the changed: one of the two is NaN or infinite
  std::optional<double> largest;  // |a - b| of the changed that are finite; nothing for strings and odd types
  std::optional<double> relative;  // that, to the largest |a|; nothing where all of A is zero
};

enum class NodePart : std::uint8_t {
  op,
  device,
  input,      // of one slot
  control,    // "^node" that only one side waits for
  attribute,  // of one key
  value,      // a tensor in an attribute
  signature,  // of a function: arguments, results, what it gives back
  other,      // a field of a later TensorFlow
};

// One thing about a node, a function or a graph that differs.
struct PartDifference {
  NodePart part = NodePart::attribute;
  std::string name;      // the slot's number, the attribute's key, what of a signature
  std::string from, to;  // short texts: "[1,2,2,1]", "float32 [3,3]", "x:1"; empty where there is none
  std::optional<ValueDelta> delta;  // of tensors of one type and shape
};

struct NamedNode {
  std::string name, op;
};

struct NodeDifference {
  std::string name;        // in A
  std::string other_name;  // in B, where rules gave it another one
  std::string op;          // in A
  std::vector<PartDifference> parts;
};

// Nodes of a graph or a function, in the order of A, those that were added in the order of B.
struct NodesDifference {
  std::size_t equal = 0;
  std::vector<NamedNode> added, removed;
  std::vector<NodeDifference> changed;
  bool empty() const { return added.empty() && removed.empty() && changed.empty(); }
};

struct FunctionDifference {
  std::string name;        // in A
  std::string other_name;  // in B, where it is another one
  std::vector<PartDifference> parts;
  NodesDifference nodes;
};

struct FunctionRename {
  std::string name, other_name;
};

struct GraphDifference {
  NodesDifference nodes;
  // What freezing does, where one graph has variables and the other their frozen values: variables that are
  // constants and their reads; nodes that only saving, restoring and initialising need. No difference.
  std::size_t frozen = 0, left_out = 0;

  std::size_t functions_equal = 0;
  std::vector<std::string> functions_added, functions_removed;
  std::vector<FunctionDifference> functions_changed;
  std::vector<FunctionRename> functions_renamed;  // of equal contents: no difference

  std::vector<PartDifference> versions;  // GraphDef.versions: "producer", "min_consumer", "bad_consumers"
  std::vector<PartDifference> library;   // gradients of functions

  bool empty() const {
    return nodes.empty() && functions_added.empty() && functions_removed.empty() &&
           functions_changed.empty() && versions.empty() && library.empty();
  }
};

std::string_view name_of(NodePart part);

}  // namespace thaw
