#include "passes/raise_problems.h"

#include <algorithm>

#include "ops/op_table.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Functions within functions: what differentiates them goes down as deep.
constexpr std::uint32_t kDeepestRaised = 48;

class RaiseChecker {
 public:
  RaiseChecker(RaiseTensors& tensors, const std::vector<LoopParts>& loops, bool arrays_are_in_the_way,
               RaiseProblems& problems)
      : tensors_(tensors),
        contexts_(tensors.contexts()),
        structure_(contexts_.structure()),
        tree_(contexts_.tree()),
        draft_(tensors.draft()),
        loops_(loops),
        arrays_are_in_the_way_(arrays_are_in_the_way),
        problems_(problems) {}

  void run() {
    for (const Contexts::Problem& problem : contexts_.problems())
      problems_.note(problem.context, kNoNode, problem.what);
    for (std::uint32_t frame = 0; frame < loops_.size(); ++frame) check_loop(frame);
    const auto limit = static_cast<NodeId>(draft_.id_limit());
    for (NodeId id = 0; id < limit; ++id) {
      if (!draft_.is_removed(id)) check(id);
    }
  }

 private:
  void note(NodeId id, const std::string& reason) { problems_.note(contexts_.of(id), id, reason); }

  void check_loop(std::uint32_t frame) {
    const ContextId context = contexts_.loop(frame);
    if (context == kRootContext) return;
    const LoopParts& loop = loops_[frame];
    const NodeId enter = structure_.frames()[frame].enters.front();
    if (loop.variables.empty()) {
      problems_.note(context, enter, "nothing comes round in the loop");
    } else if (loop.loop_conds.size() != 1 || contexts_.of(loop.loop_conds.front()) != context) {
      problems_.note(context, enter, "not just one condition ends the loop");
    }
  }

  void check(NodeId id) {
    const FlowKind kind = structure_.kind(id);
    if (kind == FlowKind::merge && !structure_.is_loop_merge(id)) check_cond_merge(id);
    const ContextId context = contexts_.of(id);
    if (context == kRootContext) return check_outside(id, kind);
    if (tree_.depth(context) > kDeepestRaised)
      return note(id, "loops and branches lie too deep in each other");
    if (kind != FlowKind::merge || structure_.is_loop_merge(id)) check_edges(id, context);
    if (kind == FlowKind::other || kind == FlowKind::identity) {
      check_op(id);
      check_end(id, context);
    } else {
      check_flow(id, kind, context);
    }
  }

  // Only what comes out of a loop or branch is there once it is raised.
  void check_outside(NodeId id, FlowKind kind) {
    if (kind == FlowKind::merge && !structure_.is_loop_merge(id)) return;
    for (const Edge& input : draft_.inputs_now(id)) {
      const ContextId from = contexts_.of(input.node);
      if (!input.is_control() && from != kRootContext && structure_.kind(input.node) != FlowKind::exit)
        problems_.note(from, id, "it reads what a loop or branch computes inside of itself");
    }
  }

  void check_edges(NodeId id, ContextId context) {
    const FlowKind kind = structure_.kind(id);
    const bool must_not_wait = kind != FlowKind::other && kind != FlowKind::identity &&
                               kind != FlowKind::enter && kind != FlowKind::next;
    for (const Edge& input : draft_.inputs_now(id)) {
      if (input.is_control()) {
        if (must_not_wait && tensors_.holds_up(input.node))
          note(id, "a node of control flow waits for another node");
        continue;
      }
      if (!tree_.contains(tensors_.home(tensors_.origin(input).node), context))
        return note(id, "it reads what another loop or branch computes");
      check_tensor(id, context, context, input);
    }
  }

  // `reader` may be a Merge, which lies around the `context` that it reads in.
  void check_tensor(NodeId reader, ContextId noted_for, ContextId context, const Edge& input) {
    const Edge origin = tensors_.origin(input);
    const ContextId home = tensors_.home(origin.node);
    const FlowKind kind = structure_.kind(origin.node);
    if (home != context && tensors_.type(origin) == DType::invalid) {
      problems_.note(noted_for, reader,
                     "the type of its input " + thaw::quoted(draft_.name_view(origin.node)) + " is unknown");
    } else if (kind == FlowKind::next) {
      if (!structure_.is_loop_merge(reader)) problems_.note(noted_for, reader, "it reads the end of a round");
    } else if (home != kRootContext && kind != FlowKind::merge && kind != FlowKind::exit &&
               !tensors_.in_function(origin)) {
      problems_.note(
          noted_for, reader,
          "operation " + thaw::quoted(draft_.op(origin.node)) + " has no such output that is known");
    } else if (is_end_of(input) && structure_.kind(reader) != FlowKind::exit) {
      problems_.note(noted_for, reader, "it reads a loop's last value inside of it");
    }
  }

  bool is_end_of(const Edge& input) const {
    return structure_.is_loop_switch(input.node) && input.port == kLeaves;
  }

  void check_op(NodeId id) {
    const Bytes op = draft_.op(id);
    if (arrays_are_in_the_way_ && op.starts_with("TensorArray"))
      return note(id, thaw::quoted(op) + " cannot become a TensorList here");
    const OpInfo* info = find_op(op);
    if (info == nullptr) {
      if (tensors_.library().find(op) == kNoFunction)
        note(id, "operation " + thaw::quoted(op) + " is unknown");
      return;
    }
    if (op.starts_with("Ref")) return note(id, "it passes a reference on");
    for (const ArgInfo arg : info->inputs) {
      if (arg.is_ref) return note(id, "operation " + thaw::quoted(op) + " takes a reference");
    }
    for (const ArgInfo arg : info->outputs) {
      if (arg.is_ref) return note(id, "operation " + thaw::quoted(op) + " gives a reference");
    }
  }

  // What nobody reads may be an output of the model, but nothing in a loop can be.
  void check_end(NodeId id, ContextId context) {
    if (tree_.loop_around(context) != kRootContext || !draft_.consumers_now(id).empty()) return;
    if (!tensors_.is_waited_for_in_vain(id)) note(id, "it is in a branch, and nothing reads it behind that");
  }

  void check_flow(NodeId id, FlowKind kind, ContextId context) {
    if (draft_.op(id).starts_with("Ref")) return note(id, "it passes a reference on");
    switch (kind) {
      case FlowKind::enter:
        return check_enter(id);
      case FlowKind::merge:
        if (structure_.is_loop_merge(id)) check_loop_merge(id, context);
        return;
      case FlowKind::next:
        for (const Edge& consumer : draft_.consumers_now(id)) {
          if (!structure_.is_loop_merge(consumer.node)) note(id, "it is read by more than the loop's start");
        }
        return;
      case FlowKind::branch:
        return check_switch(id, context);
      case FlowKind::exit:
        return check_exit(id, context);
      default:
        return;
    }
  }

  void check_enter(NodeId id) {
    if (structure_.is_constant_enter(id)) return;
    for (const Edge& consumer : draft_.consumers_now(id)) {
      if (!consumer.is_control() && !structure_.is_loop_merge(consumer.node))
        note(id, "what the first round alone has is read in the loop");
    }
  }

  void check_loop_merge(NodeId id, ContextId context) {
    const auto inputs = draft_.inputs_now(id);
    const auto data = data_input_count(inputs);
    unsigned enters = 0, rounds = 0;
    for (const Edge& input : inputs.first(data)) {
      if (contexts_.of(input.node) != context) continue;
      enters += structure_.kind(input.node) == FlowKind::enter ? 1 : 0;
      rounds += structure_.kind(input.node) == FlowKind::next ? 1 : 0;
    }
    if (data != 2 || enters != 1 || rounds != 1)
      return note(id, "a variable of a loop has not just two sources");
    for (const Edge& consumer : draft_.consumers_now(id)) {
      if (!consumer.is_control() && draft_.inputs_now(consumer.node)[consumer.port].port != 0)
        return note(id, "it is asked whether the loop has begun");
    }
  }

  void check_switch(NodeId id, ContextId context) {
    for (const Edge& consumer : draft_.consumers_now(id)) {
      if (!consumer.is_control() && draft_.inputs_now(consumer.node)[consumer.port].port > kBody)
        return note(id, "it has two outputs, and more are read");
    }
    if (!structure_.is_loop_switch(id)) return;
    const std::uint32_t frame = tree_.index(context);
    const std::vector<NodeId>& loop_conds = loops_[frame].loop_conds;
    const NodeId turned_by = structure_.origin(draft_.inputs_now(id)[1]).node;
    if (!tree_.is_loop(context) || loop_conds.empty() || turned_by != loop_conds.front())
      note(id, "another loop's condition turns it");
  }

  void check_exit(NodeId id, ContextId context) {
    const Edge input = draft_.inputs_now(id)[0];
    const bool leaves = tree_.is_loop(context) && is_end_of(input);
    if (!leaves || !tensors_.is_variable_of(context, draft_.inputs_now(input.node)[0]))
      note(id, "it gives something else than a variable of the loop");
  }

  // It joins both branches of one cond, and nothing deeper.
  void check_cond_merge(NodeId id) {
    const auto inputs = draft_.inputs_now(id);
    const auto data = data_input_count(inputs);
    const ContextId around = contexts_.of(id);
    bool is_whole = data == 2;
    for (const Edge& input : inputs.first(data)) {
      const ContextId behind = contexts_.behind(input);
      is_whole &= tree_.is_branch(behind) && tree_.outer(behind) == around;
    }
    if (is_whole) {
      const ContextId a = contexts_.behind(inputs[0]), b = contexts_.behind(inputs[1]);
      is_whole = a != b && tree_.index(a) == tree_.index(b);
    }
    if (!is_whole) {
      for (const Edge& input : inputs.first(data)) note_unless_root(contexts_.behind(input), id);
      return note_unless_root(around, id);
    }
    if (draft_.op(id) != "Merge")
      return problems_.note(contexts_.behind(inputs[0]), id, "it passes a reference on");
    for (const Edge& input : inputs) {
      if (input.is_control() && contexts_.of(input.node) != around && tensors_.holds_up(input.node))
        problems_.note(contexts_.behind(inputs[0]), id, "it waits for a node of a branch");
    }
    const ContextId behind = contexts_.behind(inputs[0]);
    if (tensors_.type({id, 0}) == DType::invalid) problems_.note(behind, id, "its type is unknown");
    for (const Edge& input : inputs.first(data)) check_tensor(id, behind, contexts_.behind(input), input);
  }

  void note_unless_root(ContextId context, NodeId id) {
    if (context != kRootContext) problems_.note(context, id, "it does not join the two branches of one cond");
  }

  RaiseTensors& tensors_;
  const Contexts& contexts_;
  const FlowStructure& structure_;
  const ContextTree& tree_;
  const Draft& draft_;
  const std::vector<LoopParts>& loops_;
  bool arrays_are_in_the_way_;
  RaiseProblems& problems_;
};

}  // namespace

void RaiseProblems::note(ContextId context, NodeId node, const std::string& reason) {
  by_context_.try_emplace(contexts_.outermost(context), Problem{node, reason});
}

bool RaiseProblems::concern(ContextId context) const {
  if (by_context_.empty()) return false;
  return by_context_.contains(kRootContext) || by_context_.contains(contexts_.outermost(context));
}

std::vector<NotRaised> RaiseProblems::list() const {
  std::vector<ContextId> contexts;
  for (const auto& [context, problem] : by_context_) contexts.push_back(context);
  std::ranges::sort(contexts);
  std::vector<NotRaised> list;
  for (const ContextId context : contexts) {
    const Problem& problem = by_context_.at(context);
    list.push_back({problem.node == kNoNode ? "" : contexts_.draft().name(problem.node), problem.reason});
  }
  return list;
}

void check_for_raising(RaiseTensors& tensors, const std::vector<LoopParts>& loops, bool arrays_are_in_the_way,
                       RaiseProblems& problems) {
  RaiseChecker(tensors, loops, arrays_are_in_the_way, problems).run();
}

}  // namespace thaw::internal
