// Makes the two functions of every loop and cond, from those that lie deepest outwards.
#pragma once

#include "passes/raise_library.h"
#include "passes/raise_slices.h"

namespace thaw::internal {

class RaiseFunctions {
 public:
  RaiseFunctions(RaiseTensors& tensors, Constructs& constructs, RaiseProblems& problems,
                 RaiseLibrary& library);

  // What cannot be a function after all is a problem.
  void run();
  // Outermost contexts in which Ifs of several Merges need each other's results.
  const std::unordered_set<ContextId>& knotted() const { return knotted_; }

 private:
  void make(Construct& construct);
  bool slice(Construct& construct);
  void note_cycle(ContextId around, const std::vector<RaiseItem>& cycle);
  void note_effects(Construct& construct, const std::vector<RaiseItem>& order);

  RaiseTensors& tensors_;
  Constructs& constructs_;
  RaiseProblems& problems_;
  RaiseLibrary& library_;
  RaiseSlices slices_;
  std::array<std::vector<RaiseItem>, 2> orders_;  // of the construct at hand
  std::unordered_set<ContextId> knotted_;
  std::unordered_set<NodeId> with_effects_;  // that are in a function already
  std::uint64_t cost_ = 0;
};

}  // namespace thaw::internal
