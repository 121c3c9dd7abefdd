#include "verbs/describe_control_flow.h"

#include "draft/blocked_gradients.h"
#include "tensor/dtype.h"

namespace thaw::internal {

namespace {

std::vector<NodeId> trained_nodes(const Plan& plan) {
  std::vector<NodeId> nodes;
  for (const Variable& variable : plan.variables) {
    if (variable.trainable) nodes.push_back(variable.node);
  }
  return nodes;
}

std::vector<NodeId> output_nodes(const Draft& draft, const Signature& signature) {
  std::vector<NodeId> nodes;
  for (const Endpoint& output : signature.outputs) {
    const NodeId id = draft.find(parse_input(output.tensor).node);
    if (id != kNoNode && is_trainable_float(output.dtype)) nodes.push_back(id);
  }
  return nodes;
}

class Describer {
 public:
  Describer(const Contexts& contexts, const std::vector<LoopParts>& loops,
            const ControlFlowProblems& problems, const std::vector<NodeId>& blocked)
      : contexts_(contexts), loops_(loops), problems_(problems), blocked_(blocked) {}

  ReportedControlFlow run() {
    report_.problems = problems_.texts();
    for (const NodeId id : blocked_)
      report_.without_gradient.push_back({contexts_.draft().name(id), std::string(contexts_.draft().op(id))});
    find_blocked_contexts();
    for (std::uint32_t frame = 0; frame < loops_.size(); ++frame) add_loop(frame);
    for (const Contexts::Cond& cond : contexts_.conds()) {
      ++report_.conds;
      report_.blocked_conds += trains(cond.branch(0)) && trains(cond.branch(1)) ? 0 : 1;
    }
    count_repairs();
    return std::move(report_);
  }

 private:
  void find_blocked_contexts() {
    is_blocked_.resize(contexts_.tree().size());
    for (const NodeId id : blocked_) is_blocked_[contexts_.of(id)] = true;
    for (auto id = static_cast<ContextId>(is_blocked_.size() - 1); id != kRootContext; --id) {
      if (is_blocked_[id]) is_blocked_[contexts_.tree().outer(id)] = true;
    }
  }

  bool trains(ContextId id) const { return !is_blocked_[id] && !problems_.concern(id); }

  void add_loop(std::uint32_t frame) {
    const ContextId context = contexts_.loop(frame);
    const bool reached = context != kRootContext;
    report_.loops.push_back({contexts_.structure().frames()[frame].name, contexts_.tree().depth(context),
                             loops_[frame].variables.size(), reached && trains(context)});
  }

  void count_repairs() {
    for (const ChangeView& change : contexts_.draft().changes()) {
      const bool counts = change.rule.size() == 2 && (change.rule[0] == 'X' || change.rule[0] == 'H');
      if (counts) ++report_.repairs[std::string(change.rule)];
    }
  }

  const Contexts& contexts_;
  const std::vector<LoopParts>& loops_;
  const ControlFlowProblems& problems_;
  const std::vector<NodeId>& blocked_;
  std::vector<bool> is_blocked_;  // by context, and whatever lies around it
  ReportedControlFlow report_;
};

}  // namespace

std::optional<ControlFlowDescription> describe_control_flow(const Draft& draft, const Plan& plan,
                                                            const Signature& signature) {
  const Contexts contexts(draft);
  if (contexts.structure().empty()) return std::nullopt;
  const std::vector<LoopParts> loops = find_loop_parts(contexts);
  const ControlFlowProblems problems(contexts, loops);
  const std::vector<NodeId> blocked =
      find_blocked_gradients(contexts, trained_nodes(plan), output_nodes(draft, signature));
  return ControlFlowDescription{write_contexts(contexts, loops, problems),
                                Describer(contexts, loops, problems, blocked).run()};
}

}  // namespace thaw::internal
