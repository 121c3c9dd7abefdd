#include "passes/noted_shapes.h"

namespace thaw::internal {

void forget_noted_shape(Draft& draft, NodeId id) {
  if (!draft.attr(id, "_output_shapes")) return;
  NodeDef node = draft.node_def(id);
  node.drop_attr("_output_shapes");
  draft.replace(id, std::move(node), {"Z9", draft.name(id), "a recorded shape dropped"});
}

void forget_noted_shapes(Draft& draft) {
  for (const NodeId id : draft.order()) forget_noted_shape(draft, id);
}

}  // namespace thaw::internal
