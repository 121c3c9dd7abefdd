// The shapes of all tensors of a graph, as far as they follow from its placeholders' and constants' shapes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "passes/shape_query.h"

namespace thaw::internal {

// A node whose inputs do not fit each other, its attributes or its constants.
struct ShapeClash {
  NodeId node;
  std::string got;       // "[4,494], [1,2048], {1}": shapes, or the numbers of small tensors of integers
  std::string expected;  // completes "expected ..."
};

struct InferredShapes {
  std::vector<OutputFacts> nodes;
  std::vector<ShapeClash> clashes;  // in the order in which tensors flow

  const Shape& shape(NodeId node, std::uint32_t port) const { return nodes[node].at(port).shape; }
};

using DeclaredShapes = std::map<NodeId, Shape>;

// `declared` takes the place of the placeholders' own shapes. Nodes behind a clash, in cycles that are no
// loops, and of operations without a rule are unknown. Time and memory are linear in the graph.
InferredShapes infer_shapes(const Graph& graph, const DeclaredShapes& declared);

}  // namespace thaw::internal
