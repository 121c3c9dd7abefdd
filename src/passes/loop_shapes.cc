#include "passes/loop_merges.h"
#include "passes/shape_inference.h"

namespace thaw::internal {

namespace {

// Most loops tell after one pass; each loop around another may ask for one more.
constexpr int kMostPasses = 8;

// What both have in common.
Shape in_common(const Shape& a, const Shape& b) {
  if (a.unknown_rank() || b.unknown_rank() || a.rank() != b.rank()) return Shape::of_unknown_rank();
  std::vector<std::int64_t> dims = a.dims();
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] != b.dims()[i]) dims[i] = -1;
  }
  return Shape(std::move(dims));
}

// Declares what the variables have of which a round, or the beginning, says less than was taken for granted.
bool loosen(const Graph& graph, const std::vector<NodeId>& variables, const InferredShapes& shapes,
            DeclaredShapes& declared) {
  bool changed = false;
  for (const NodeId id : variables) {
    const Shape& was = shapes.shape(id, 0);
    Shape now = was;
    for (const Edge& input : graph.inputs(id).first(2))
      now = in_common(now, shapes.shape(input.node, input.port));
    if (now == was) continue;
    declared[id] = std::move(now);
    changed = true;
  }
  return changed;
}

}  // namespace

bool is_loop_merge(const Graph& graph, NodeId id) {
  const Bytes op = graph.op(id);
  const auto inputs = graph.inputs(id);
  if ((op != "Merge" && op != "RefMerge") || data_input_count(inputs) != 2) return false;
  return is_back_edge(graph.op(inputs[0].node)) != is_back_edge(graph.op(inputs[1].node));
}

InferredShapes infer_loop_shapes(const Graph& graph) {
  std::vector<NodeId> variables;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (is_loop_merge(graph, id)) variables.push_back(id);
  }
  DeclaredShapes declared;
  for (int pass = 0; pass < kMostPasses && !variables.empty(); ++pass) {
    InferredShapes shapes = infer_shapes(graph, declared, LoopShapes::as_they_begin);
    if (!loosen(graph, variables, shapes, declared)) return shapes;
  }
  return infer_shapes(graph, {});
}

}  // namespace thaw::internal
