// The tensors that the code of a model named, before TensorFlow led them into loops and branches.
#pragma once

#include <optional>
#include <unordered_map>

#include "draft/loop_variables.h"

namespace thaw::internal {

class OuterTensors {
 public:
  explicit OuterTensors(const Contexts& contexts) : contexts_(contexts) {}

  // Outwards through Enters of invariants and through guards.
  Edge root(Edge tensor);
  // tf.while_loop(maximum_iterations=n) counts in variable 0, which starts from a node called
  // iteration_counter, and asks LogicalAnd(Less(counter, n), ...) (python/ops/while_loop.py). Only XLA reads
  // it.
  std::optional<Edge> maximum_iterations(const LoopParts& loop);

 private:
  const Contexts& contexts_;
  std::unordered_map<NodeId, Edge> roots_;
};

}  // namespace thaw::internal
