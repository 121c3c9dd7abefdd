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

// What the Merges of loops have that are not declared: nothing known, as TensorFlow has it when it imports a
// graph, or what each loop begins with, which may be wrong.
enum class LoopShapes : std::uint8_t { unknown, as_they_begin };

// `declared` takes the place of the placeholders' own shapes, and of what Merges of loops have. Nodes behind
// a clash, in cycles that are no loops, and of operations without a rule are unknown. Time and memory are
// linear in the graph.
InferredShapes infer_shapes(const Graph& graph, const DeclaredShapes& declared,
                            LoopShapes loops = LoopShapes::unknown);

// The same, where the variables of loops have what all their rounds have in common, as far as that shows
// within a few passes.
InferredShapes infer_loop_shapes(const Graph& graph);

}  // namespace thaw::internal
