// Contexts: in which loop or branch every node of a draft lies, told from the nodes alone. It is what
// tf.while_loop and tf.cond (python/ops/control_flow_ops.py) note while they build a graph and a frozen graph
// has lost. A snapshot: edits make it stale.
#pragma once

#include <array>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "draft/flow_structure.h"
#include "model/context_tree.h"

namespace thaw::internal {

class Contexts {
 public:
  explicit Contexts(const Draft& draft);

  // Two branches of one predicate in one context; two calls of tf.cond may have become one.
  struct Cond {
    ContextId outer = kRootContext;
    ContextId when_true = kRootContext;  // the other branch comes next
    Edge predicate;                      // as the first guard takes it
    bool has_guard = false;
    std::array<NodeId, 2> pivots{kNoNode, kNoNode};  // the Identity that stands for each branch
    ContextId branch(unsigned value) const { return when_true + 1 - value; }
  };

  // Something that no graph of TensorFlow's own making has: gradients through what holds it cannot be
  // trusted.
  struct Problem {
    ContextId context = kRootContext;  // the outermost context around it; the root: everything
    std::string what;
  };

  const Draft& draft() const { return draft_; }
  const FlowStructure& structure() const { return structure_; }
  const ContextTree& tree() const { return tree_; }
  // The context that a node belongs to, and the one that its output is read in.
  ContextId of(NodeId id) const { return id < context_.size() ? context_[id] : kRootContext; }
  ContextId behind(const Edge& output) const;

  // The root where a frame could not be reached.
  ContextId loop(std::uint32_t frame) const { return loops_[frame]; }
  const FlowStructure::Frame& frame(ContextId loop) const { return structure_.frames()[tree_.index(loop)]; }
  const std::vector<Cond>& conds() const { return conds_; }
  const Cond& cond(ContextId branch) const { return conds_[tree_.index(branch)]; }
  // A Switch that hands a value to the one branch that it belongs to.
  bool is_guard(NodeId id) const;
  const std::vector<Problem>& problems() const { return problems_; }
  // The context around `id` that lies in no other; for both branches of a cond the same one.
  ContextId outermost(ContextId id) const;
  // Nothing around or in it has a problem.
  bool is_sound(ContextId id) const;
  // By context: whether any node lies in it or deeper.
  std::vector<bool> find_live() const;

 private:
  void count_pending();
  void walk();
  void arrive(NodeId id);
  void leave(NodeId id);
  void open_frame(std::uint32_t frame);
  ContextId context_for(NodeId id);
  ContextId context_of_merge(NodeId id);
  ContextId context_of_cond_switch(NodeId id, ContextId around);
  template <typename Keep>
  ContextId join_inputs(NodeId id, ContextId joined, const Keep& keep);
  ContextId join(NodeId id, ContextId a, ContextId b);
  Cond& cond_for(ContextId around, const Edge& predicate);
  void note_pivots(NodeId id, Cond& cond);
  void note_unreached();
  // The first problem of each outermost context; of the root, which concerns everything.
  void note(ContextId context, const std::string& what);

  const Draft& draft_;
  FlowStructure structure_;
  ContextTree tree_;
  std::vector<ContextId> context_;
  std::vector<ContextId> loops_;  // by frame
  std::vector<Cond> conds_;
  std::map<std::tuple<ContextId, NodeId, std::uint32_t>, std::uint32_t> cond_by_predicate_;
  std::unordered_map<NodeId, std::uint32_t> cond_of_switch_;
  std::vector<Problem> problems_;
  std::unordered_set<ContextId> has_problem_;
  // Only while walking: inputs that are still to come, of nodes and of all Enters of a frame.
  std::vector<std::uint32_t> pending_, frame_pending_;
  std::vector<NodeId> ready_;  // numbers behind the nodes stand for frames
};

}  // namespace thaw::internal
