// What a function needs of the loop or branch that it is made from.
#pragma once

#include "passes/raise_constructs.h"

namespace thaw::internal {

// A node; behind all nodes stand the constructs.
using RaiseItem = std::uint32_t;

class RaiseSlices {
 public:
  RaiseSlices(RaiseTensors& tensors, Constructs& constructs);

  bool is_construct(RaiseItem item) const { return item >= limit_; }
  Construct& construct(RaiseItem item) { return constructs_.all()[item - limit_]; }

  // What one of its functions needs, each behind what it takes itself; what is taken from around is noted in
  // `owner`. False for a cycle: then the constructs on it are all that is in `order`.
  bool take(Construct& owner, unsigned which, std::vector<RaiseItem>& order);
  // The same for the whole graph around the constructs that stand in no other and are no concern of problems.
  bool take_root(const RaiseProblems& problems, std::vector<RaiseItem>& order);

 private:
  struct Open {
    RaiseItem item;
    std::vector<RaiseItem> needs;
    std::size_t next = 0;
  };

  bool walk(const std::vector<RaiseItem>& from, ContextId scope, Construct& owner,
            std::vector<RaiseItem>& order);
  std::vector<RaiseItem> needs_of(RaiseItem item, ContextId scope, Construct& owner);
  void need(const Edge& origin, ContextId scope, Construct& owner, std::vector<RaiseItem>& needs);
  void need_to_wait(NodeId node, ContextId scope, Construct& owner, std::vector<RaiseItem>& needs);
  RaiseItem item_of(NodeId node) const;

  RaiseTensors& tensors_;
  Constructs& constructs_;
  RaiseItem limit_;
  // Of items: the number of the walk that they are in, doubled, and one more when they are done.
  std::vector<std::uint32_t> marks_;
  std::uint32_t walk_ = 0;
};

}  // namespace thaw::internal
