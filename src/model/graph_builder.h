// GraphBuilder: reads a GraphDef (core/framework/graph.proto: 1 node, 2 library, 3 version, 4 versions, 5
// debug_info) in one pass. Of each node the skeleton is kept; a tensor above 256 bytes stays where it is.
#pragma once

#include <memory>
#include <string>

#include "model/graph.h"
#include "model/skeleton.h"
#include "wire/walk.h"

namespace thaw::internal {

class GraphBuilder {
 public:
  // Nodes whose skeletons are those of the same nodes of `like`, if there is one, share them.
  explicit GraphBuilder(SourcePtr source, std::shared_ptr<const Graph> like = nullptr);

  // Takes one field of a GraphDef, wherever the window stands in it.
  void add(const Field& field, Window& window);
  // Resolves names. Throws malformed for a name used twice or an input that is no node.
  std::shared_ptr<const Graph> finish();

 private:
  void add_node(const Field& field, Window& window);
  bool add_expected(const Field& field, Window& window);
  void keep_node(NodeId id, const Field& field);
  const char* keep_skeleton(NodeId id);
  void index_names();
  void resolve_inputs();
  bool resolve_like(NodeId id);
  void index_consumers();

  std::shared_ptr<Graph> graph_;
  SkeletonReader node_;               // the one at hand
  NodeId like_next_ = 0;              // the node of `like` that is likely to come next
  std::vector<NodeId> like_of_here_;  // by id: the node of `like` whose skeleton it shares
  std::vector<NodeId> here_of_like_;  // by id of `like`: the node of that name
  std::size_t input_count_ = 0;
};

}  // namespace thaw::internal
