// What a node puts out, by TensorFlow's declaration of its operation and the node's own attributes.
#pragma once

#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

// Types of a node's outputs, 64 of each argument at most; empty when its operation is not known.
std::vector<DType> output_types(const Draft& draft, NodeId id);

// The type of one output; `invalid` when it is not known.
DType output_type(const Draft& draft, const Edge& output);

}  // namespace thaw::internal
