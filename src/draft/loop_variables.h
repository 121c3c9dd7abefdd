// The variables of a while loop: each is Enter -> Merge -> Switch -> Exit, and Switch -> Identity -> ... ->
// NextIteration -> Merge for as long as LoopCond holds (python/ops/while_loop.py).
#pragma once

#include "draft/contexts.h"

namespace thaw::internal {

struct LoopVariable {
  NodeId merge = kNoNode;
  std::vector<NodeId> enters, switches, exits, identities;
};

struct LoopParts {
  std::vector<LoopVariable> variables;  // in the order TensorFlow made them: Merge, Merge_1, ... Merge_10
  std::vector<NodeId> loop_conds;       // one, in a loop that is whole
};

// By frame.
std::vector<LoopParts> find_loop_parts(const Contexts& contexts);

// Whether `a` comes before `b` when runs of digits are read as numbers.
bool naturally_before(Bytes a, Bytes b);

}  // namespace thaw::internal
