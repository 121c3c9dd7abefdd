// GraphBuilder: reads a GraphDef (core/framework/graph.proto: 1 node, 2 library, 3 version, 4 versions, 5
// debug_info) in one pass. Of each node the skeleton is kept; a tensor above 256 bytes stays where it is.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "model/graph.h"
#include "model/skeleton.h"
#include "wire/walk.h"

namespace thaw::internal {

class GraphBuilder {
 public:
  explicit GraphBuilder(SourcePtr source);

  // Takes one field of a GraphDef, wherever the window stands in it.
  void add(const Field& field, Window& window);
  // Resolves names. Throws malformed for a name used twice or an input that is no node.
  std::shared_ptr<const Graph> finish();
  // A part of a graph: no node knows its inputs or consumers. Throws malformed for a name used twice.
  std::shared_ptr<const Graph> finish_unlinked();
  // Of the node that was added last; valid until the next one.
  Bytes last_name() const { return node_.name(); }

 private:
  void add_node(const Field& field, Window& window);
  void keep_node(NodeId id, const Field& field);
  std::uint32_t op_number(Bytes op);
  void index_names();
  void resolve_inputs();
  void resolve_inputs_of(NodeId id);
  NodeId find_producer(Bytes name);
  void index_consumers();

  std::shared_ptr<Graph> graph_;
  SkeletonReader node_;  // the one at hand
  NameTable op_numbers_;
  std::uint32_t input_count_ = 0;
  std::array<NodeId, 512> recent_;  // by hash of the name, while inputs are resolved
};

}  // namespace thaw::internal
