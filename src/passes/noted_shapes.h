// Shapes that TensorFlow notes at every node of a graph that it saves (`_output_shapes`), and takes away
// again when it imports one (core/common_runtime/graph_constructor.cc, ValidateShape).
#pragma once

#include "draft/draft.h"

namespace thaw::internal {

// Of one node, and of all.
void forget_noted_shape(Draft& draft, NodeId id);
void forget_noted_shapes(Draft& draft);

}  // namespace thaw::internal
