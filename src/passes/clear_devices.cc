#include "passes/clear_devices.h"

namespace thaw::internal {

void clear_devices(Draft& draft) {
  for (NodeId id = 0; id < draft.id_limit(); ++id) {
    if (draft.is_removed(id) || (!draft.is_touched(id) && draft.base().device(id).empty())) continue;
    NodeDef node = draft.node_def(id);
    if (node.device.empty()) continue;
    Change change{"D1", node.name, "device " + node.device + " cleared"};
    node.device.clear();
    draft.replace(id, std::move(node), std::move(change));
  }
}

}  // namespace thaw::internal
