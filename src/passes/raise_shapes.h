// RaiseShapes: what is known of the tensors of a draft before its loops and branches become functions, which
// see nothing of what stands around them.
#pragma once

#include "draft/draft.h"
#include "passes/shape_inference.h"

namespace thaw::internal {

class RaiseShapes {
 public:
  // A snapshot: edits make it stale.
  explicit RaiseShapes(const Draft& draft);

  Shape shape(const Edge& tensor) const;
  // The only element of an integer, where that follows from constants and shapes.
  Number number(const Edge& tensor) const;

 private:
  const TensorFact& fact(const Edge& tensor) const;

  const Draft& draft_;
  std::shared_ptr<const Graph> graph_;
  InferredShapes shapes_;
};

}  // namespace thaw::internal
