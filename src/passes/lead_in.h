// LeadIn: brings a tensor into loops and branches, as TensorFlow's contexts do when code inside reads it
// (python/ops/while_loop.py and control_flow_ops.py, AddValue): through an Enter for each loop and a guarding
// Switch for each branch on the way.
#pragma once

#include <map>
#include <tuple>

#include "draft/contexts.h"

namespace thaw::internal {

class LeadIn {
 public:
  LeadIn(Draft& draft, const Contexts& contexts, const char* rule)
      : draft_(draft), contexts_(contexts), rule_(rule) {}

  // `tensor`, which is read in `from`, as `to` may read it; `to` lies in `from`.
  Edge lead(const Edge& tensor, DType dtype, ContextId from, ContextId to);

 private:
  Edge step(const Edge& tensor, DType dtype, ContextId into, const std::string& origin);
  NodeDef make_enter(ContextId loop, const std::string& origin) const;

  Draft& draft_;
  const Contexts& contexts_;
  const char* rule_;
  std::map<std::tuple<NodeId, std::uint32_t, ContextId>, Edge> done_;
};

}  // namespace thaw::internal
