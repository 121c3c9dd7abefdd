// Shapes that TensorFlow notes at every node of a graph that it saves (`_output_shapes`), and takes away
// again when it imports one (core/common_runtime/graph_constructor.cc, ValidateShape).
#pragma once

#include "draft/draft.h"

namespace thaw::internal {

void forget_noted_shapes(Draft& draft);

}  // namespace thaw::internal
