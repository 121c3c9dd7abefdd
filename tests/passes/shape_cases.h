// Small graphs and what is known of their last node: what TensorFlow infers, or less.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "passes/shape_inference.h"
#include "support/graph_text.h"

namespace thaw::internal {

// `shapes`: of the last node's outputs, in order; or "! " and the start of what a clash expects.
struct ShapeCase {
  const char* graph;
  const char* shapes;
};
using ShapeCases = std::vector<ShapeCase>;

// "[1,2] [3]", or "! 4 elements ...".
inline std::string shapes_of_last(const Graph& graph, const InferredShapes& inferred) {
  const auto last = static_cast<NodeId>(graph.node_count() - 1);
  for (const ShapeClash& clash : inferred.clashes) {
    if (clash.node == last) return "! " + clash.expected;
  }
  std::string text;
  for (const TensorFact& fact : inferred.nodes[last].ports) {
    text += (text.empty() ? "" : " ") + fact.shape.to_string();
  }
  return text;
}

inline void expect_shapes(const ShapeCases& cases) {
  for (const ShapeCase& one : cases) {
    SCOPED_TRACE(one.graph);
    const auto graph = graph_text::graph_of(one.graph);
    const std::string shapes = shapes_of_last(*graph, infer_shapes(*graph, {})), expected = one.shapes;
    if (expected.starts_with("! ")) {
      EXPECT_THAT(shapes, testing::StartsWith(expected));
    } else {
      EXPECT_EQ(shapes, expected);
    }
  }
}

inline bool agree(const Shape& a, const Shape& b) {
  if (a.unknown_rank() || b.unknown_rank()) return true;
  if (a.rank() != b.rank()) return false;
  for (std::size_t i = 0; i < a.rank(); ++i) {
    if (a.dims()[i] >= 0 && b.dims()[i] >= 0 && a.dims()[i] != b.dims()[i]) return false;
  }
  return true;
}

// The shape itself with some dimensions unknown, in every way, and of unknown rank.
inline std::vector<Shape> less_known(const Shape& shape) {
  std::vector<Shape> shapes = {Shape::of_unknown_rank()};
  for (unsigned mask = 1; mask < 1u << shape.rank(); ++mask) {
    std::vector<std::int64_t> dims = shape.dims();
    for (std::size_t i = 0; i < dims.size(); ++i) dims[i] = (mask >> i & 1) != 0 ? -1 : dims[i];
    shapes.emplace_back(std::move(dims));
  }
  return shapes;
}

// What is inferred from less must neither clash nor differ from what is inferred from more.
inline void expect_truth_of_less(const ShapeCases& cases) {
  for (const ShapeCase& one : cases) {
    if (std::string(one.shapes).starts_with("! ")) continue;
    const auto graph = graph_text::graph_of(one.graph);
    const InferredShapes known = infer_shapes(*graph, {});
    const auto last = static_cast<NodeId>(graph->node_count() - 1);
    for (NodeId id = 0; id < last; ++id) {
      if (graph->op(id) != "Placeholder") continue;
      for (const Shape& shape : less_known(known.shape(id, 0))) {
        SCOPED_TRACE(std::string(one.graph) + " with " + shape.to_string());
        const InferredShapes inferred = infer_shapes(*graph, {{id, shape}});
        EXPECT_TRUE(inferred.clashes.empty());
        for (std::uint32_t port = 0; port < 6; ++port) {
          EXPECT_TRUE(agree(inferred.shape(last, port), known.shape(last, port)))
              << inferred.shape(last, port).to_string();
        }
      }
    }
  }
}

}  // namespace thaw::internal
