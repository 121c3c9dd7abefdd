// NodeComparison: what differs between two nodes, of graphs or of functions.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "compare/value_delta.h"
#include "messages/node_def.h"
#include "thaw/graph_difference.h"

namespace thaw::internal {

using NewNames = std::unordered_map<std::string, std::string>;  // by the old ones

// What A's names are in B, where they are others.
struct NameChanges {
  NewNames nodes, functions;
  NewNames reads;  // of B: what stands for a node that A has no counterpart of
  const std::string& node(const std::string& name) const { return changed(nodes, name); }
  const std::string& function(const std::string& name) const { return changed(functions, name); }

 private:
  static const std::string& changed(const NewNames& names, const std::string& name) {
    const auto found = names.find(name);
    return found == names.end() ? name : found->second;
  }
};

enum class NodeHome : std::uint8_t { graph, function };

class NodeComparison {
 public:
  // `names` must outlive this and may grow.
  NodeComparison(const NameChanges& names, ElementWishes wishes)
      : names_(&names), wishes_(std::move(wishes)) {}

  using Parts = std::vector<PartDifference>;

  // All but their names. `values_known`: type and value of two constants are compared elsewhere. Throws
  // malformed.
  Parts compare(const NodeDef& a, const NodeDef& b, NodeHome home, bool values_known = false) const;
  // Attributes by key; `op_a` and `op_b` tell the defaults, where there are any.
  void compare_attrs(const std::vector<NodeAttr>& a, const std::vector<NodeAttr>& b, Bytes op_a, Bytes op_b,
                     Parts& parts) const;
  // Whether the first inputs are the same.
  bool same_first_input(const NodeDef& a, const NodeDef& b) const;

 private:
  struct OneAttr;

  void compare_inputs(const NodeDef& a, const NodeDef& b, NodeHome home, Parts& parts) const;
  void compare_places(const OneAttr& a, const OneAttr& b, Parts& parts) const;
  void compare_attr(const std::string& key, const OneAttr& a, const OneAttr& b, Parts& parts) const;
  void compare_tensors(const std::string& key, const Recipe& a, const Recipe& b, Parts& parts) const;
  bool same_messages(const Recipe& a, const Recipe& b) const;

  const NameChanges* names_;
  ElementWishes wishes_;
};

// "x:0" as "x", "^x" as it is; of functions, whose inputs have no short form, the text itself.
std::string plain_input(const std::string& input, NodeHome home);

}  // namespace thaw::internal
