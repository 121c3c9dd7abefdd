#include "model/declared_shape.h"

#include "messages/attr_value.h"
#include "tensor/shape.h"

namespace thaw::internal {

Shape declared_shape(const Graph& graph, NodeId id) {
  const std::optional<Bytes> attr = graph.attr(id, "shape");
  const AttrView view = attr ? view_attr(*attr) : AttrView{};
  return view.kind == AttrKind::shape ? decode_shape(view.payload) : Shape::of_unknown_rank();
}

}  // namespace thaw::internal
