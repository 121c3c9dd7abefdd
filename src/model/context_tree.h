// ContextTree: loops and branches as they lie within each other. It grows downwards only; every question
// costs at most the logarithm of the depth, for files decide how deep it is.
#pragma once

#include <cstdint>
#include <vector>

namespace thaw::internal {

using ContextId = std::uint32_t;
inline constexpr ContextId kRootContext = 0;

class ContextTree {
 public:
  ContextTree() : contexts_(1) {}

  ContextId add_loop(ContextId outer, std::uint32_t index) { return add(outer, true, 0, index); }
  ContextId add_branch(ContextId outer, unsigned branch, std::uint32_t index) {
    return add(outer, false, branch, index);
  }

  std::size_t size() const { return contexts_.size(); }
  bool is_loop(ContextId id) const { return contexts_[id].is_loop; }
  bool is_branch(ContextId id) const { return id != kRootContext && !contexts_[id].is_loop; }
  unsigned branch(ContextId id) const { return contexts_[id].branch; }
  // What the context was added with: which loop, or which cond.
  std::uint32_t index(ContextId id) const { return contexts_[id].index; }
  ContextId outer(ContextId id) const { return contexts_[id].outer; }
  std::uint32_t depth(ContextId id) const { return contexts_[id].depth; }
  // The innermost loop that `id` is or lies in; the root when there is none.
  ContextId loop_around(ContextId id) const { return contexts_[id].loop; }

  // The context around `id`, or itself, that lies `depth` deep; `depth` is at most its own.
  ContextId at_depth(ContextId id, std::uint32_t depth) const;
  bool contains(ContextId outer, ContextId inner) const {
    if (outer == kRootContext || outer == inner) return true;
    return depth(outer) < depth(inner) && at_depth(inner, depth(outer)) == outer;
  }
  // The deepest context that holds both.
  ContextId common(ContextId a, ContextId b) const;

 private:
  // `jump` is a context further out, at distances that make every walk short (skew binary numbers; E. Myers,
  // "An applicative random-access stack", 1983).
  struct Context {
    ContextId outer = kRootContext, jump = kRootContext, loop = kRootContext;
    std::uint32_t depth = 0, index = 0;
    std::uint8_t branch = 0;
    bool is_loop = false;
  };

  ContextId add(ContextId outer, bool is_loop, unsigned branch, std::uint32_t index);

  std::vector<Context> contexts_;
};

}  // namespace thaw::internal
