#include "passes/rename_frames.h"

#include "draft/flow_structure.h"
#include "messages/attr_value.h"

namespace thaw::internal {

void scope_frames(Draft& draft, const std::string& scope) {
  if (scope.empty()) return;
  for (NodeId id = 0; id < draft.id_limit(); ++id) {
    if (draft.is_removed(id) || flow_kind_of(draft.op(id)) != FlowKind::enter) continue;
    NodeDef node = draft.node_def(id);
    const NodeAttr* attr = node.find_attr("frame_name");
    if (attr == nullptr) continue;
    const std::string value = attr->value.bytes();
    node.set_attr("frame_name", attr_of_string(scope + std::string(attr_as_string(value).value_or(""))));
    const std::string name = node.name;
    draft.replace(id, std::move(node), {"S2", name, "frame in the new scope"});
  }
}

}  // namespace thaw::internal
