// How many channels a node's output has, read off the nearest weighted operation before it.
#pragma once

#include <cstdint>
#include <optional>

#include "model/graph.h"

namespace thaw::internal {

// Looks back through activations, pools, normalisations and elementwise arithmetic, over at most 200 nodes.
// The shape of the weight found there says the number; nothing when none is in reach.
std::optional<std::int64_t> channels_of(const Graph& graph, NodeId id);

// Whether a constant of this shape is one number per channel, whatever its other dimensions: [C], [1,C],
// [C,1,1], or a table whose last dimension is C.
bool fits_channels(const Shape& shape, std::int64_t channels);

}  // namespace thaw::internal
