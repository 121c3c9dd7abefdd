#include "passes/context_messages.h"

#include <algorithm>

#include "draft/outputs.h"
#include "messages/attr_value.h"
#include "messages/control_flow_context.h"
#include "ops/op_table.h"
#include "passes/outer_tensors.h"

namespace thaw::internal {

namespace {

class ContextWriter {
 public:
  ContextWriter(const Contexts& contexts, const std::vector<LoopParts>& loops,
                const ControlFlowProblems& problems)
      : contexts_(contexts),
        draft_(contexts.draft()),
        tree_(contexts.tree()),
        loops_(loops),
        problems_(problems),
        outer_(contexts),
        own_(tree_.size()),
        marked_(tree_.size()),
        nested_(tree_.size()),
        is_live_(contexts.find_live()) {
    const auto limit = static_cast<NodeId>(draft_.id_limit());
    for (NodeId id = 0; id < limit; ++id) {
      if (!draft_.is_removed(id) && contexts.of(id) != kRootContext) own_[contexts.of(id)].push_back(id);
    }
  }

  // Inner contexts were made after the ones around them: from the last to the first, all that lies in a
  // context is done before it.
  ContextMessages run() {
    for (auto id = static_cast<ContextId>(tree_.size() - 1); id != kRootContext; --id) {
      if (is_live_[id] && !problems_.concern(id)) write(id);
    }
    std::ranges::reverse(messages_.while_contexts);
    std::ranges::reverse(messages_.cond_contexts);
    return std::move(messages_);
  }

 private:
  void write(ContextId id) {
    std::ranges::reverse(nested_[id]);
    const bool is_loop = tree_.is_loop(id);
    std::string encoded = is_loop ? encode(loop_context(id)) : encode(branch_context(id));
    const ContextId outer = tree_.outer(id);
    if (outer == kRootContext) {
      (is_loop ? messages_.while_contexts : messages_.cond_contexts).push_back(std::move(encoded));
    } else {
      nested_[outer].push_back(is_loop ? nested_while(encoded) : nested_cond(encoded));
      mark(id, outer);
    }
    nested_[id] = {};
    marked_[id] = {};
  }

  // What a context around also counts among its values.
  void mark(ContextId id, ContextId outer) {
    std::vector<NodeId>& marked = marked_[outer];
    const bool is_loop = tree_.is_loop(id);
    if (is_loop) {
      for (const LoopVariable& variable : parts(id).variables)
        marked.insert(marked.end(), variable.exits.begin(), variable.exits.end());
    } else {
      marked.insert(marked.end(), own_[id].begin(), own_[id].end());
    }
    std::ranges::copy_if(marked_[id], std::back_inserter(marked),
                         [&](NodeId node) { return !is_loop || tree_.is_branch(contexts_.of(node)); });
  }

  const LoopParts& parts(ContextId loop) const { return loops_[tree_.index(loop)]; }
  std::string text(const Edge& tensor) const {
    return tensor_name(draft_.name_view(tensor.node), tensor.port);
  }

  WhileContextDef loop_context(ContextId id) {
    const LoopParts& loop = parts(id);
    const FlowStructure::Frame& frame = contexts_.frame(id);
    WhileContextDef context;
    context.context_name = frame.name;
    context.parallel_iterations = parallel_iterations(frame);
    context.pivot_name = text({loop.loop_conds.front(), 0});
    const auto [merge, body] = body_pivot(loop);
    context.pivot_for_pred_name = text({merge, 0});
    context.pivot_for_body_name = text({body, 0});
    for (const LoopVariable& variable : loop.variables) {
      for (const NodeId enter : variable.enters) context.loop_enter_names.push_back(text({enter, 0}));
      for (const NodeId exit : variable.exits) context.loop_exit_names.push_back(text({exit, 0}));
    }
    if (const std::optional<Edge> most = outer_.maximum_iterations(loop))
      context.maximum_iterations_name = text(*most);
    add_own_values(id, context.values_def);
    add_invariants(id, frame, context.values_def);
    tidy(context.values_def);
    context.nested_contexts = std::move(nested_[id]);
    return context;
  }

  std::int32_t parallel_iterations(const FlowStructure::Frame& frame) const {
    const std::optional<std::string> value = draft_.attr(frame.enters.front(), "parallel_iterations");
    const std::int64_t number = value ? attr_as_int(*value).value_or(0) : 0;
    return number > 0 && number <= 0x7FFFFFFF ? static_cast<std::int32_t>(number) : 10;
  }

  // The Identity most used as an anchor of control edges stands for the body, the first one among equals.
  std::pair<NodeId, NodeId> body_pivot(const LoopParts& loop) const {
    std::pair<NodeId, NodeId> best{kNoNode, kNoNode};
    std::size_t most = 0;
    for (const LoopVariable& variable : loop.variables) {
      for (const NodeId identity : variable.identities) {
        const std::size_t anchored = draft_.consumers_of({identity, kControl}).size();
        if (best.second != kNoNode && anchored <= most) continue;
        best = {variable.merge, identity};
        most = anchored;
      }
    }
    return best;
  }

  CondContextDef branch_context(ContextId id) {
    const Contexts::Cond& cond = contexts_.cond(id);
    const unsigned branch = tree_.branch(id);
    CondContextDef context;
    context.context_name = branch_name(cond.pivots[branch], branch);
    context.pred_name = text(cond.predicate);
    context.pivot_name = text({cond.pivots[branch], 0});
    context.branch = static_cast<std::int32_t>(branch);
    add_own_values(id, context.values_def);
    add_external(context.values_def, cond.predicate, cond.predicate);
    for (const NodeId node : own_[id]) {
      if (contexts_.is_guard(node)) add_guarded(id, node, context.values_def);
    }
    tidy(context.values_def);
    context.nested_contexts = std::move(nested_[id]);
    return context;
  }

  // Only for people: nothing refers to it.
  std::string branch_name(NodeId pivot, unsigned branch) {
    std::string name = draft_.name(pivot);
    name.resize(std::min(name.rfind('/'), name.size()));
    name += branch == 0 ? "/cond_text_1" : "/cond_text";
    const std::size_t times = names_[name]++;
    return times == 0 ? name : name + "_" + std::to_string(times);
  }

  void add_own_values(ContextId id, ValuesDef& values) const {
    for (const NodeId node : own_[id]) add_outputs(node, values.values);
    for (const NodeId node : marked_[id]) add_outputs(node, values.values);
  }

  // All outputs of a node; of a guard the one that its branch reads.
  void add_outputs(NodeId id, std::vector<std::string>& names) const {
    if (contexts_.is_guard(id)) return names.push_back(text({id, tree_.branch(contexts_.of(id))}));
    const OpInfo* info = find_op(draft_.op(id));
    const bool plain = info != nullptr && info->outputs.all_single();
    const std::size_t declared = plain ? info->outputs.size() : output_types(draft_, id).size();
    const std::size_t least = info == nullptr ? 1 : declared;
    for (std::uint32_t port = 0; port < least; ++port) names.push_back(text({id, port}));
    if (plain) return;
    for (const Edge& consumer : draft_.consumers_now(id)) {
      if (!consumer.is_control()) names.push_back(text(draft_.inputs_now(consumer.node)[consumer.port]));
    }
  }

  void add_external(ValuesDef& values, const Edge& outside, const Edge& inside) const {
    const std::string name = text(outside);
    values.values.push_back(name);
    values.external_values.try_emplace(name, text(inside));
  }

  void add_invariants(ContextId id, const FlowStructure::Frame& frame, ValuesDef& values) {
    for (const NodeId enter : frame.enters) {
      if (!contexts_.structure().is_constant_enter(enter) || draft_.inputs_now(enter).empty()) continue;
      const Edge outside = outer_.root(draft_.inputs_now(enter)[0]);
      if (!tree_.contains(id, contexts_.behind(outside))) add_external(values, outside, {enter, 0});
    }
  }

  void add_guarded(ContextId id, NodeId guard, ValuesDef& values) {
    const Edge direct = draft_.inputs_now(guard)[0];
    if (tree_.contains(id, contexts_.behind(direct))) return;
    const Edge outside = outer_.root(direct);
    if (outside != direct && tree_.outer(id) != kRootContext) add_external(values, direct, direct);
    add_external(values, outside, {guard, tree_.branch(id)});
  }

  static void tidy(ValuesDef& values) {
    std::ranges::sort(values.values);
    const auto rest = std::ranges::unique(values.values);
    values.values.erase(rest.begin(), rest.end());
  }

  const Contexts& contexts_;
  const Draft& draft_;
  const ContextTree& tree_;
  const std::vector<LoopParts>& loops_;
  const ControlFlowProblems& problems_;
  OuterTensors outer_;
  std::vector<std::vector<NodeId>> own_, marked_;  // by context
  std::vector<NestedContexts> nested_;
  std::vector<bool> is_live_;
  std::unordered_map<std::string, std::size_t> names_;
  ContextMessages messages_;
};

}  // namespace

ContextMessages write_contexts(const Contexts& contexts, const std::vector<LoopParts>& loops,
                               const ControlFlowProblems& problems) {
  return ContextWriter(contexts, loops, problems).run();
}

}  // namespace thaw::internal
