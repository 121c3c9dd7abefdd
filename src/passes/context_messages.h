// Writes what contexts know as the messages that import_meta_graph reads
// (python/ops/control_flow_ops.py and while_loop.py, _init_from_proto).
#pragma once

#include <string>
#include <vector>

#include "draft/control_flow_problems.h"

namespace thaw::internal {

// Encoded WhileContextDefs and CondContextDefs: the outermost contexts, with the others in them.
struct ContextMessages {
  std::vector<std::string> while_contexts, cond_contexts;
};

// Contexts with a problem are left out: without one TensorFlow refuses the gradient of a loop, with a wrong
// one it computes a wrong gradient.
ContextMessages write_contexts(const Contexts& contexts, const std::vector<LoopParts>& loops,
                               const ControlFlowProblems& problems);

}  // namespace thaw::internal
