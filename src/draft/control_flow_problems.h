// What is wrong with the loops and branches of a draft: why gradients through them cannot be had.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "draft/loop_variables.h"

namespace thaw::internal {

class ControlFlowProblems {
 public:
  ControlFlowProblems(const Contexts& contexts, const std::vector<LoopParts>& loops);

  // Whether a context lies, perhaps deep, in one with a problem.
  bool concern(ContextId id) const;
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  void note(ContextId context, std::string what);
  void check_loops(const std::vector<LoopParts>& loops);
  void check_merges();
  bool joins_many(NodeId merge) const;
  void check_pivots();
  void check_depth();

  const Contexts& contexts_;
  std::unordered_set<ContextId> outermost_;  // the root: everything
  std::vector<std::string> texts_;
};

// A cond's Merge must take its false branch first (python/ops/control_flow_grad.py, _MergeGrad).
bool is_in_reverse(const Contexts& contexts, NodeId merge);

}  // namespace thaw::internal
