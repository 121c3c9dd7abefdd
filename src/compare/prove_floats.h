// The proof that a graph that computes with floats is the graph with few bits that it came from: every other
// node is the same, byte for byte; a constant holds what the operation that it stands for gives; and
// operations on floats are those that their rows say.
#pragma once

#include "weights/quantized_parts.h"

namespace thaw::internal {

// Of each large constant only the beginning is read: all of it, where values are verified. Throws bug, naming
// the node, at the first difference.
void prove_floats(const Graph& before, const Graph& after, const std::vector<CompactWeight>& weights,
                  const QuantizedParts& parts);

}  // namespace thaw::internal
