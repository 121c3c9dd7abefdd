#include "export/read_shapes.h"

#include <algorithm>

#include "messages/attr_value.h"
#include "model/declared_shape.h"
#include "ops/op_table.h"
#include "tensor/shape.h"

namespace thaw::internal {

std::optional<std::string> ReadShapes::of(NodeId node) {
  if (!takes_handle(node)) return std::nullopt;
  const OpInfo* info = find_op(graph_.op(node));
  const bool is_one = info != nullptr && info->outputs.all_single() && info->outputs.size() == 1;
  if (!is_one) return std::nullopt;
  const NodeId from = graph_.inputs(node)[0].node;
  const bool reads_directly = graph_.op(node) == "ReadVariableOp" && graph_.op(from) == "VarHandleOp";
  const Shape shape = reads_directly ? declared_shape(graph_, from) : inferred(node);
  if (shape.unknown_rank()) return std::nullopt;
  return with_appended({}, shape_in_list(encode_shape(shape)));
}

bool ReadShapes::takes_handle(NodeId node) const {
  const auto inputs = graph_.inputs(node);
  return !inputs.empty() && !inputs[0].is_control() && !leads_handle(node) && leads_handle(inputs[0].node);
}

bool ReadShapes::leads_handle(NodeId node) const {
  const Bytes op = graph_.op(node);
  if (op == "VarHandleOp") return true;
  const bool passes_on = op == "Identity" || op == "Enter" || op == "Switch" || op == "Merge";
  return passes_on && graph_.type_attr(node, "T") == DType::resource;
}

Shape ReadShapes::inferred(NodeId node) {
  const auto is_placeholder = [&](const NamedEdge& input) {
    return graph_.op(input.tensor.node).starts_with("Placeholder");
  };
  if (!std::ranges::all_of(inputs_, is_placeholder)) return Shape::of_unknown_rank();
  if (!shapes_) {
    DeclaredShapes declared;
    for (const NamedEdge& input : inputs_) declared.emplace(input.tensor.node, input.shape);
    shapes_ = infer_shapes(graph_, declared);
  }
  return shapes_->shape(node, 0);
}

}  // namespace thaw::internal
