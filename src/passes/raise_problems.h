// What stands in the way of raising loops and branches to While and If. Nothing is raised by halves: a
// problem concerns the whole of a loop or cond that lies in no other.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "draft/loop_variables.h"
#include "passes/raise_tensors.h"

namespace thaw::internal {

struct NotRaised {
  std::string node, reason;
};

class RaiseProblems {
 public:
  explicit RaiseProblems(const Contexts& contexts) : contexts_(contexts) {}

  // Only the first one of each loop or cond is kept.
  void note(ContextId context, NodeId node, const std::string& reason);
  bool concern(ContextId context) const;
  std::vector<NotRaised> list() const;

 private:
  struct Problem {
    NodeId node;
    std::string reason;
  };

  const Contexts& contexts_;
  std::unordered_map<ContextId, Problem> by_context_;  // outermost ones; the root: everything
};

// Looks at every node of every loop and branch; TensorArrays are in the way unless they are still to become
// lists.
void check_for_raising(RaiseTensors& tensors, const std::vector<LoopParts>& loops, bool arrays_are_in_the_way,
                       RaiseProblems& problems);

}  // namespace thaw::internal
