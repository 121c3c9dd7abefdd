#include "draft/contexts.h"

#include <algorithm>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr auto kAll = [](const Edge&) { return true; };

}  // namespace

Contexts::Contexts(const Draft& draft) : draft_(draft), structure_(draft) {
  if (structure_.empty()) return;
  context_.assign(draft.id_limit(), kRootContext);
  loops_.assign(structure_.frames().size(), kRootContext);
  count_pending();
  walk();
  note_unreached();
  pending_ = {};
  ready_ = {};
}

// Kahn's order. The way back from NextIteration does not count, and a frame is entered through all its Enters
// at once: only all their inputs together tell in which context it lies.
void Contexts::count_pending() {
  const auto limit = static_cast<NodeId>(draft_.id_limit());
  pending_.assign(limit, 0);
  frame_pending_.assign(structure_.frames().size(), 0);
  for (NodeId id = 0; id < limit; ++id) {
    for (const Edge& input : draft_.inputs_now(id)) {
      const bool back = structure_.is_loop_merge(id) && structure_.kind(input.node) == FlowKind::next;
      if (!back) ++pending_[id];
    }
    if (structure_.kind(id) != FlowKind::enter) continue;
    frame_pending_[structure_.frame_of(id)] += pending_[id];
    pending_[id] = 1;
  }
  for (NodeId id = 0; id < limit; ++id) {
    if (pending_[id] == 0 && !draft_.is_removed(id)) ready_.push_back(id);
  }
  for (std::uint32_t frame = 0; frame < frame_pending_.size(); ++frame) {
    if (frame_pending_[frame] == 0) ready_.push_back(limit + frame);
  }
}

void Contexts::walk() {
  const std::size_t limit = context_.size();
  for (std::size_t next = 0; next < ready_.size(); ++next) {
    const NodeId id = ready_[next];
    if (id >= limit) {
      open_frame(static_cast<std::uint32_t>(id - limit));
    } else {
      context_[id] = context_for(id);
      leave(id);
    }
  }
}

void Contexts::leave(NodeId id) {
  const bool goes_back = structure_.kind(id) == FlowKind::next;
  for (const Edge& consumer : draft_.consumers_now(id)) {
    if (!goes_back || !structure_.is_loop_merge(consumer.node)) arrive(consumer.node);
  }
}

void Contexts::arrive(NodeId id) {
  if (structure_.kind(id) != FlowKind::enter) {
    if (--pending_[id] == 0) ready_.push_back(id);
    return;
  }
  const std::uint32_t frame = structure_.frame_of(id);
  if (--frame_pending_[frame] == 0) ready_.push_back(static_cast<NodeId>(context_.size()) + frame);
}

void Contexts::open_frame(std::uint32_t frame) {
  const std::vector<NodeId>& enters = structure_.frames()[frame].enters;
  ContextId around = kRootContext;
  for (const NodeId enter : enters) around = join_inputs(enter, around, kAll);
  loops_[frame] = tree_.add_loop(around, frame);
  for (const NodeId enter : enters) {
    pending_[enter] = 0;
    ready_.push_back(enter);
  }
}

ContextId Contexts::behind(const Edge& output) const {
  const ContextId own = of(output.node);
  if (structure_.kind(output.node) == FlowKind::exit) return tree_.outer(own);
  if (output.is_control() || output.port > kBody) return own;
  const auto cond = cond_of_switch_.find(output.node);
  return cond == cond_of_switch_.end() ? own : conds_[cond->second].branch(output.port);
}

ContextId Contexts::context_for(NodeId id) {
  switch (structure_.kind(id)) {
    case FlowKind::enter:
      return loops_[structure_.frame_of(id)];
    case FlowKind::merge:
      return context_of_merge(id);
    case FlowKind::exit:
      return tree_.loop_around(join_inputs(id, kRootContext, kAll));
    case FlowKind::branch: {
      const ContextId around = join_inputs(id, kRootContext, kAll);
      return structure_.is_loop_switch(id) ? tree_.loop_around(around) : context_of_cond_switch(id, around);
    }
    default:
      return join_inputs(id, kRootContext, kAll);
  }
}

ContextId Contexts::context_of_merge(NodeId id) {
  if (structure_.is_loop_merge(id)) {
    const auto enters = [&](const Edge& input) { return structure_.kind(input.node) != FlowKind::next; };
    return tree_.loop_around(join_inputs(id, kRootContext, enters));
  }
  // It leaves the branches that it joins.
  ContextId around = kRootContext;
  bool first = true;
  for (const Edge& input : draft_.inputs_now(id)) {
    if (input.is_control()) continue;
    around = first ? behind(input) : tree_.common(around, behind(input));
    first = false;
  }
  return around;
}

// A guard belongs to the branch that reads it. A pivot stands around both branches, as does what no branch
// reads.
ContextId Contexts::context_of_cond_switch(NodeId id, ContextId around) {
  const auto inputs = draft_.inputs_now(id);
  if (inputs.size() < 2 || inputs[1].is_control()) return around;
  Cond& cond = cond_for(around, inputs[1]);
  cond_of_switch_[id] = static_cast<std::uint32_t>(&cond - conds_.data());
  const bool is_pivot = structure_.is_pivot_switch(id);
  if (is_pivot) note_pivots(id, cond);
  const bool used[2] = {!draft_.consumers_of({id, 0}).empty(), !draft_.consumers_of({id, 1}).empty()};
  if (is_pivot || used[0] == used[1]) return around;
  if (!cond.has_guard) cond.predicate = inputs[1];
  cond.has_guard = true;
  return cond.branch(used[1] ? 1 : 0);
}

Contexts::Cond& Contexts::cond_for(ContextId around, const Edge& predicate) {
  const Edge origin = structure_.origin(predicate);
  const auto index = static_cast<std::uint32_t>(conds_.size());
  const auto [known, is_new] = cond_by_predicate_.try_emplace({around, origin.node, origin.port}, index);
  if (!is_new) return conds_[known->second];
  Cond cond;
  cond.outer = around;
  cond.predicate = predicate;
  cond.when_true = tree_.add_branch(around, 1, index);
  tree_.add_branch(around, 0, index);
  conds_.push_back(cond);
  return conds_.back();
}

void Contexts::note_pivots(NodeId id, Cond& cond) {
  for (const std::uint32_t value : {0U, 1U}) {
    for (const Edge& consumer : draft_.consumers_of({id, value})) {
      const bool identity = structure_.kind(consumer.node) == FlowKind::identity;
      if (identity && cond.pivots[value] == kNoNode) cond.pivots[value] = consumer.node;
    }
  }
}

bool Contexts::is_guard(NodeId id) const {
  return cond_of_switch_.contains(id) && !structure_.is_pivot_switch(id) && tree_.is_branch(of(id));
}

template <typename Keep>
ContextId Contexts::join_inputs(NodeId id, ContextId joined, const Keep& keep) {
  for (const Edge& input : draft_.inputs_now(id)) {
    if (keep(input)) joined = join(id, joined, behind(input));
  }
  return joined;
}

ContextId Contexts::join(NodeId id, ContextId a, ContextId b) {
  if (a == b || tree_.contains(b, a)) return a;
  if (tree_.contains(a, b)) return b;
  const std::string what = "node " + thaw::quoted(draft_.name_view(id)) +
                           " reads two loops or branches neither of which lies in the other";
  for (const ContextId context : {a, b}) note(context, what);
  return tree_.depth(b) > tree_.depth(a) ? b : a;
}

bool Contexts::is_sound(ContextId id) const {
  if (has_problem_.contains(kRootContext)) return false;
  return !has_problem_.contains(outermost(id));
}

ContextId Contexts::outermost(ContextId id) const {
  if (id == kRootContext) return id;
  const ContextId outer = tree_.at_depth(id, 1);
  return tree_.is_loop(outer) ? outer : cond(outer).when_true;
}

std::vector<bool> Contexts::find_live() const {
  std::vector<bool> live(tree_.size());
  for (NodeId id = 0; id < context_.size(); ++id) {
    if (!draft_.is_removed(id)) live[context_[id]] = true;
  }
  for (auto id = static_cast<ContextId>(tree_.size() - 1); id != kRootContext; --id) {
    if (live[id]) live[tree_.outer(id)] = true;
  }
  return live;
}

void Contexts::note(ContextId context, const std::string& what) {
  if (has_problem_.insert(outermost(context)).second) problems_.push_back({outermost(context), what});
}

void Contexts::note_unreached() {
  for (std::uint32_t frame = 0; frame < loops_.size(); ++frame) {
    if (loops_[frame] != kRootContext) continue;
    return note(kRootContext, "frame " + thaw::quoted(structure_.frames()[frame].name) +
                                  " is entered from its own end: two loops of one name, or a cycle");
  }
  for (NodeId id = 0; id < pending_.size(); ++id) {
    if (pending_[id] == 0 || draft_.is_removed(id)) continue;
    return note(kRootContext,
                "node " + thaw::quoted(draft_.name_view(id)) + " lies on or behind a cycle that is no loop");
  }
}

}  // namespace thaw::internal
