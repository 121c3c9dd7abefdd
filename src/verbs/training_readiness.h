// Whether a graph can be trained: how gradients get from its outputs to its weights.
#pragma once

#include "model/call_view.h"
#include "thaw/inspected.h"

namespace thaw::internal {

// `trained`: nodes of the view. Of the outputs those of real numbers count, or all when there are none.
InspectedTraining find_readiness(const CallView& view, const Library& library,
                                 const std::vector<NodeId>& trained,
                                 const std::vector<InspectedTensor>& outputs);

}  // namespace thaw::internal
