// ReadShapes: the shapes of what is read through handles of variables. A handle that is a function's argument
// tells TensorFlow nothing while it imports the function (python/framework/function_def_to_graph.py sets the
// handles' data afterwards); its own exports note the shapes at every node (python/framework/ops.py,
// _as_graph_def).
#pragma once

#include <optional>
#include <string>

#include "export/traced_function.h"
#include "passes/shape_inference.h"

namespace thaw::internal {

class ReadShapes {
 public:
  // Borrows both. Whoever calls with tensors of other shapes than `inputs` say is refused.
  ReadShapes(const Graph& graph, const std::vector<NamedEdge>& inputs) : graph_(graph), inputs_(inputs) {}

  // `_output_shapes` of a node that reads through a handle and has one output; nothing for other nodes, and
  // when nothing is known.
  std::optional<std::string> of(NodeId node);

 private:
  bool takes_handle(NodeId node) const;
  bool leads_handle(NodeId node) const;
  Shape inferred(NodeId node);

  const Graph& graph_;
  const std::vector<NamedEdge>& inputs_;
  std::optional<InferredShapes> shapes_;  // asked for seldom
};

}  // namespace thaw::internal
