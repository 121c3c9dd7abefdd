#include "passes/raise_slices.h"

namespace thaw::internal {

RaiseSlices::RaiseSlices(RaiseTensors& tensors, Constructs& constructs)
    : tensors_(tensors),
      constructs_(constructs),
      limit_(static_cast<RaiseItem>(tensors.draft().id_limit())),
      marks_(limit_ + constructs.all().size()) {}

RaiseItem RaiseSlices::item_of(NodeId node) const {
  const ConstructId construct = constructs_.of(node);
  return construct == kNoConstruct ? node : limit_ + construct;
}

void RaiseSlices::need(const Edge& origin, ContextId scope, Construct& owner, std::vector<RaiseItem>& needs) {
  if (origin.node == kNoNode || tensors_.is_variable_of(scope, origin)) return;
  if (tensors_.home(origin.node) == scope || tensors_.is_copied(origin.node)) {
    needs.push_back(item_of(origin.node));
  } else {
    owner.capture(origin);
  }
}

void RaiseSlices::need_to_wait(NodeId node, ContextId scope, Construct& owner,
                               std::vector<RaiseItem>& needs) {
  if (tensors_.is_waited_for_in_vain(node)) return;
  if (tensors_.home(node) == scope) {
    needs.push_back(item_of(node));
  } else {
    owner.wait_for(node);
  }
}

std::vector<RaiseItem> RaiseSlices::needs_of(RaiseItem item, ContextId scope, Construct& owner) {
  std::vector<RaiseItem> needs;
  if (is_construct(item)) {
    const Construct& made = construct(item);
    if (!made.is_loop) need(made.predicate, scope, owner, needs);
    for (const Edge& start : made.starts) need(start, scope, owner, needs);
    for (const Edge& capture : made.captures) need(capture, scope, owner, needs);
    for (const NodeId node : made.waits) need_to_wait(node, scope, owner, needs);
    return needs;
  }
  if (tensors_.is_outside(item) || tensors_.is_copied(item)) return needs;
  for (const Edge& input : tensors_.draft().inputs_now(item)) {
    if (input.is_control()) {
      need_to_wait(input.node, scope, owner, needs);
    } else {
      need(tensors_.origin(input), scope, owner, needs);
    }
  }
  return needs;
}

bool RaiseSlices::walk(const std::vector<RaiseItem>& from, ContextId scope, Construct& owner,
                       std::vector<RaiseItem>& order) {
  const std::uint32_t open = 2 * ++walk_, done = open + 1;
  std::vector<Open> stack;
  const auto enter = [&](RaiseItem item) {
    marks_[item] = open;
    stack.push_back({item, needs_of(item, scope, owner)});
  };
  for (const RaiseItem first : from) {
    if (marks_[first] != done) enter(first);
    while (!stack.empty()) {
      Open& top = stack.back();
      if (top.next == top.needs.size()) {
        marks_[top.item] = done;
        order.push_back(top.item);
        stack.pop_back();
        continue;
      }
      const RaiseItem next = top.needs[top.next++];
      if (marks_[next] == done) continue;
      if (marks_[next] != open) {
        enter(next);
        continue;
      }
      order.clear();
      for (auto at = stack.rbegin(); at != stack.rend(); ++at) {
        if (is_construct(at->item)) order.push_back(at->item);
        if (at->item == next) break;
      }
      return false;
    }
  }
  return true;
}

bool RaiseSlices::take(Construct& owner, unsigned which, std::vector<RaiseItem>& order) {
  const ContextId scope = owner.inside[which];
  std::vector<RaiseItem> from;
  for (const Edge& given : owner.gives[which]) need(given, scope, owner, from);
  if (which == 1) {
    for (const NodeId effect : owner.effects) need_to_wait(effect, scope, owner, from);
  }
  return walk(from, scope, owner, order);
}

bool RaiseSlices::take_root(const RaiseProblems& problems, std::vector<RaiseItem>& order) {
  std::vector<RaiseItem> from;
  for (RaiseItem item = limit_; item < marks_.size(); ++item) {
    const Construct& made = construct(item);
    if (made.around == kRootContext && !problems.concern(made.inside[0])) from.push_back(item);
  }
  Construct nobody;
  return walk(from, kRootContext, nobody, order);
}

}  // namespace thaw::internal
