// Equality of values, bit for bit.
#pragma once

#include "model/graph.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// Same type, shape and elements, read from both ends to the end.
bool same_value(const Value& a, const Value& b);

// The same for a tensor attribute; equal encodings are compared as they are.
bool same_tensor(const Graph& a, NodeId node_a, const Graph& b, NodeId node_b, Bytes key);
// The same for every attribute whose elements the skeletons, which are equal, do not have.
bool same_large_tensors(const Graph& a, NodeId node_a, const Graph& b, NodeId node_b);

}  // namespace thaw::internal
