// Q1 and Q2: weights that are stored in fewer bits become constants of the type that the graph computes with:
// a graph that gives the same results, bit for bit.
#pragma once

#include "draft/draft.h"
#include "weights/compact_weights.h"

namespace thaw::internal {

// A Dequantize becomes the constant, under its own name; what only it took is removed. Casts become
// Identities of a constant that is wide.
void make_float_weights(Draft& draft, const std::vector<CompactWeight>& weights);

// A constant whose elements are computed when they are read.
NodeDef wide_constant(const std::string& name, const CompactWeight& weight);

// Removes those of the nodes that nothing takes by now.
void remove_unused(Draft& draft, const std::vector<NodeId>& nodes);

}  // namespace thaw::internal
