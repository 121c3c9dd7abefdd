// GraphBuilder: reads a GraphDef (core/framework/graph.proto: 1 node, 2 library, 3 version, 4 versions, 5
// debug_info) in one pass. Of each node the skeleton is kept; a tensor above 256 bytes stays where it is.
#pragma once

#include <memory>
#include <string>

#include "model/graph.h"
#include "wire/walk.h"

namespace thaw::internal {

class GraphBuilder {
 public:
  explicit GraphBuilder(SourcePtr source);

  // Takes one field of a GraphDef, wherever the window stands in it.
  void add(const Field& field, Window& window);
  // Resolves names. Throws malformed for a name used twice or an input that is no node.
  std::shared_ptr<const Graph> finish();

 private:
  void add_node(const Field& field, Window& window);
  bool copy_small(const Field& field, Window& window);
  void copy_and_cut(const Field& field, Window& window, std::vector<Cut>& cuts);
  void index_parts(NodeRecord& record);
  void add_attr(const Field& field, Window& window, std::vector<Cut>& cuts);
  bool cut_tensor(const Field& field, Window& window, std::vector<Cut>& cuts);
  void index_names();
  void resolve_inputs();
  void index_consumers();

  std::shared_ptr<Graph> graph_;
  std::string scratch_;
  std::size_t input_count_ = 0;
};

}  // namespace thaw::internal
