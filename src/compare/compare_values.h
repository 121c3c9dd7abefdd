// Equality of values, bit for bit.
#pragma once

#include "model/graph.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// Same type, shape and elements, read from both ends to the end.
bool same_value(const Value& a, const Value& b);

// The same for a tensor attribute; equal encodings are compared as they are.
bool same_tensor(const Graph& a, NodeId node_a, const Graph& b, NodeId node_b, Bytes key);

}  // namespace thaw::internal
