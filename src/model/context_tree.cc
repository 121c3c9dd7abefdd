#include "model/context_tree.h"

#include <utility>

namespace thaw::internal {

ContextId ContextTree::add(ContextId outer, bool is_loop, unsigned branch, std::uint32_t index) {
  const auto id = static_cast<ContextId>(contexts_.size());
  const Context& around = contexts_[outer];
  const Context& jumped = contexts_[around.jump];
  const bool same_step = around.depth - jumped.depth == jumped.depth - contexts_[jumped.jump].depth;
  Context context;
  context.outer = outer;
  context.jump = same_step ? jumped.jump : outer;
  context.loop = is_loop ? id : around.loop;
  context.depth = around.depth + 1;
  context.index = index;
  context.branch = static_cast<std::uint8_t>(branch);
  context.is_loop = is_loop;
  contexts_.push_back(context);
  return id;
}

ContextId ContextTree::at_depth(ContextId id, std::uint32_t depth) const {
  while (contexts_[id].depth > depth) {
    const Context& context = contexts_[id];
    id = contexts_[context.jump].depth >= depth ? context.jump : context.outer;
  }
  return id;
}

ContextId ContextTree::common(ContextId a, ContextId b) const {
  if (depth(a) < depth(b)) std::swap(a, b);
  a = at_depth(a, depth(b));
  while (a != b) {
    const bool far = contexts_[a].jump != contexts_[b].jump;
    a = far ? contexts_[a].jump : contexts_[a].outer;
    b = far ? contexts_[b].jump : contexts_[b].outer;
  }
  return a;
}

}  // namespace thaw::internal
