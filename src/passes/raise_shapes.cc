#include "passes/raise_shapes.h"

#include "model/model.h"

namespace thaw::internal {

RaiseShapes::RaiseShapes(const Draft& draft)
    : draft_(draft),
      graph_(read_graph(draft.emit().as_replaying_source(draft.base().source()->name()))),
      shapes_(infer_loop_shapes(*graph_)) {}

const TensorFact& RaiseShapes::fact(const Edge& tensor) const {
  static const TensorFact kNothing;
  const NodeId id = graph_->find(draft_.name_view(tensor.node), tensor.node);
  return id == kNoNode ? kNothing : shapes_.nodes[id].at(tensor.port);
}

Shape RaiseShapes::shape(const Edge& tensor) const { return fact(tensor).shape; }

Number RaiseShapes::number(const Edge& tensor) const {
  const std::optional<Numbers>& numbers = fact(tensor).numbers;
  return numbers && numbers->size() == 1 ? numbers->front() : Number{};
}

}  // namespace thaw::internal
