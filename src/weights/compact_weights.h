// Weights that a graph stores in fewer bits than it computes with: constants behind Dequantize, and constants
// that Casts widen.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/graph.h"
#include "tensor/dequantized_value.h"

namespace thaw::internal {

struct CompactWeight {
  NodeId node = kNoNode;      // what becomes the wide constant: the Dequantize, or the constant behind Casts
  NodeId constant = kNoNode;  // what holds it in the file
  std::vector<NodeId> casts;  // that become Identities
  std::vector<NodeId> leftover;  // that only Dequantize needed, perhaps: constants and Identities before it
  DType stored = DType::invalid;
  Value value;               // in the wider type
  bool is_repeated = false;  // one element for all
};

// Those in functions are not looked for.
std::vector<CompactWeight> find_compact_weights(const Graph& graph);

// The constant that an input takes, through Identities, which are appended to `way`; kNoNode when there is
// none.
NodeId constant_through_identities(const Graph& graph, const Edge& input, std::vector<NodeId>& way);

// The few floats of a constant; nothing when it is no constant of so many floats.
std::optional<std::vector<float>> floats_of(const Graph& graph, NodeId constant, std::int64_t count);

// What a constant of a quantized type is in floats. Nothing where that cannot be told.
std::optional<CompactWeight> dequantized_constant(const Graph& graph, NodeId constant,
                                                  const Dequantization& by);

}  // namespace thaw::internal
