// What a variable's initialiser gives, told from the graph without running it: constants, fills, and random
// numbers scaled and shifted by constants.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

struct InitialValue {
  std::optional<Value> value;
  bool random = false;  // numbers are drawn: `value` is there only with a seed
};

// `assign` is the Assign or AssignVariableOp that initialises. A value of another type or shape than the
// variable's is none.
InitialValue initial_value(const Graph& graph, NodeId assign, DType dtype, const Shape& shape,
                           std::optional<std::uint64_t> seed);

// The node that initialises `variable`: the one of that name, else the first assignment that does not restore
// a checkpoint. kNoNode when there is none.
NodeId find_initializer(const Graph& graph, NodeId variable, Bytes name);

}  // namespace thaw::internal
