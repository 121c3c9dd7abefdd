#include "draft/control_flow_problems.h"

#include <algorithm>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Python's protobuf reads 100 messages within each other; a context is two, its values end in two more.
constexpr std::uint32_t kDeepest = 48;

std::string count_of_conds(const LoopParts& loop) {
  return loop.loop_conds.empty() ? "nothing ends it"
                                 : std::to_string(loop.loop_conds.size()) + " conditions end it";
}

}  // namespace

bool is_in_reverse(const Contexts& contexts, NodeId merge) {
  const ContextTree& tree = contexts.tree();
  const ContextId around = contexts.of(merge);
  const auto inputs = contexts.draft().inputs_now(merge);
  const auto data = data_input_count(inputs);
  if (data != 2 || contexts.structure().is_loop_merge(merge)) return false;
  for (unsigned place = 0; place < 2; ++place) {
    const ContextId behind = contexts.behind(inputs[place]);
    if (behind == around || !tree.contains(around, behind)) continue;
    const ContextId branch = tree.at_depth(behind, tree.depth(around) + 1);
    if (tree.is_branch(branch) && tree.branch(branch) != place) return true;
  }
  return false;
}

ControlFlowProblems::ControlFlowProblems(const Contexts& contexts, const std::vector<LoopParts>& loops)
    : contexts_(contexts) {
  for (const Contexts::Problem& problem : contexts.problems()) note(problem.context, problem.what);
  check_loops(loops);
  check_merges();
  check_pivots();
  check_depth();
}

bool ControlFlowProblems::concern(ContextId id) const {
  if (outermost_.contains(kRootContext)) return true;
  return outermost_.contains(contexts_.outermost(id));
}

void ControlFlowProblems::note(ContextId context, std::string what) {
  if (!outermost_.insert(contexts_.outermost(context)).second) return;
  if (texts_.empty() || texts_.back() != what) texts_.push_back(std::move(what));
}

void ControlFlowProblems::check_loops(const std::vector<LoopParts>& loops) {
  for (std::uint32_t frame = 0; frame < loops.size(); ++frame) {
    const ContextId context = contexts_.loop(frame);
    if (context == kRootContext) continue;
    const std::string name = "loop " + thaw::quoted(contexts_.structure().frames()[frame].name);
    const LoopParts& loop = loops[frame];
    const bool has_body = std::ranges::any_of(
        loop.variables, [](const LoopVariable& variable) { return !variable.identities.empty(); });
    if (loop.variables.empty()) {
      note(context, name + " is cut: nothing comes round in it");
    } else if (loop.loop_conds.size() != 1) {
      note(context, name + " is cut: " + count_of_conds(loop));
    } else if (!has_body) {
      note(context, name + " has no body");
    }
  }
}

void ControlFlowProblems::check_merges() {
  const auto limit = static_cast<NodeId>(contexts_.draft().id_limit());
  for (NodeId id = 0; id < limit; ++id) {
    if (contexts_.structure().kind(id) != FlowKind::merge) continue;
    const ContextId first = contexts_.behind(contexts_.draft().inputs_now(id)[0]);
    if (joins_many(id))
      note(first, "node " + thaw::quoted(contexts_.draft().name_view(id)) + " joins more than two branches");
    if (!is_in_reverse(contexts_, id)) continue;
    note(first, "node " + thaw::quoted(contexts_.draft().name_view(id)) +
                    " takes its branches in reverse and tells which one it was");
  }
}

bool ControlFlowProblems::joins_many(NodeId merge) const {
  const auto inputs = contexts_.draft().inputs_now(merge);
  const auto data = data_input_count(inputs);
  const bool leaves = contexts_.behind(inputs[0]) != contexts_.of(merge);
  return data > 2 && leaves && !contexts_.structure().is_loop_merge(merge);
}

void ControlFlowProblems::check_pivots() {
  const std::vector<bool> live = contexts_.find_live();
  for (const Contexts::Cond& cond : contexts_.conds()) {
    for (const unsigned value : {0U, 1U}) {
      if (!live[cond.branch(value)] || cond.pivots[value] != kNoNode) continue;
      note(cond.branch(value), "nothing stands for a branch of " +
                                   thaw::quoted(contexts_.draft().name_view(cond.predicate.node)));
    }
  }
}

void ControlFlowProblems::check_depth() {
  const ContextTree& tree = contexts_.tree();
  for (ContextId id = 1; id < tree.size(); ++id) {
    if (tree.depth(id) != kDeepest + 1) continue;
    note(id, "loops and branches lie more than " + std::to_string(kDeepest) +
                 " deep in each other, which TensorFlow cannot read");
  }
}

}  // namespace thaw::internal
