#include "passes/noted_shapes.h"

namespace thaw::internal {

void forget_noted_shapes(Draft& draft) {
  for (const NodeId id : draft.order()) {
    if (!draft.attr(id, "_output_shapes")) continue;
    NodeDef node = draft.node_def(id);
    node.drop_attr("_output_shapes");
    draft.replace(id, std::move(node), {"Z9", draft.name(id), "a recorded shape dropped"});
  }
}

}  // namespace thaw::internal
