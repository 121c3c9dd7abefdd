#include "passes/context_repairs.h"

#include <algorithm>

#include "draft/control_flow_problems.h"
#include "draft/outputs.h"
#include "messages/attr_value.h"
#include "passes/lead_in.h"
#include "passes/node_templates.h"

namespace thaw::internal {

namespace {

// Where a node reads: a guard lies in its branch and reads outside of it.
ContextId reading_context(const Contexts& contexts, NodeId id) {
  const ContextId own = contexts.of(id);
  return contexts.is_guard(id) ? contexts.tree().outer(own) : own;
}

class PivotMaker {
 public:
  PivotMaker(Draft& draft, const Contexts& contexts)
      : draft_(draft), contexts_(contexts), conds_(contexts.conds()), live_(contexts.find_live()) {}

  // Conds come after those that they lie in.
  void run() {
    for (Contexts::Cond& cond : conds_) {
      const bool lacks = lacks_pivot(cond, 0) || lacks_pivot(cond, 1);
      if (lacks && contexts_.is_sound(cond.when_true)) complete(cond);
    }
  }

 private:
  bool lacks_pivot(const Contexts::Cond& cond, unsigned value) const {
    return live_[cond.branch(value)] && cond.pivots[value] == kNoNode;
  }

  void complete(Contexts::Cond& cond) {
    const std::string base = draft_.name(cond.predicate.node) + "/thaw_switch";
    const std::string predicate = format_input(draft_.name_view(cond.predicate.node), cond.predicate.port);
    NodeDef node = make_node(draft_.unique_name(base), "Switch", {predicate, predicate});
    if (contexts_.behind(cond.predicate) != cond.outer) anchor(node, cond.outer);
    const NodeId pivot = add(std::move(node), cond.predicate.node);
    for (const unsigned value : {0U, 1U}) {
      if (cond.pivots[value] != kNoNode) continue;
      const std::string name = draft_.unique_name(base + (value == 0 ? "_f" : "_t"));
      NodeDef side = make_node(name, "Identity", {format_input(draft_.name_view(pivot), value)});
      cond.pivots[value] = add(std::move(side), pivot);
    }
  }

  // A predicate from further out would put the pivot there.
  void anchor(NodeDef& node, ContextId outer) const {
    if (!contexts_.tree().is_branch(outer)) return;
    const NodeId around = conds_[contexts_.tree().index(outer)].pivots[contexts_.tree().branch(outer)];
    if (around != kNoNode) node.inputs.push_back("^" + draft_.name(around));
  }

  NodeId add(NodeDef node, NodeId after) {
    node.set_attr("T", attr_of_type(DType::boolean));
    Change change{"X5", node.name, "stands for a branch"};
    return draft_.add(std::move(node), after, std::move(change));
  }

  Draft& draft_;
  const Contexts& contexts_;
  std::vector<Contexts::Cond> conds_;
  std::vector<bool> live_;
};

}  // namespace

bool bridge_frames(Draft& draft, const Contexts& contexts) {
  const ContextTree& tree = contexts.tree();
  LeadIn lead_in(draft, contexts, "X0");
  bool any = false;
  const auto limit = static_cast<NodeId>(draft.id_limit());
  for (NodeId id = 0; id < limit; ++id) {
    const ContextId context = reading_context(contexts, id);
    const ContextId frame = tree.loop_around(context);
    const bool outside = frame == kRootContext || contexts.structure().kind(id) == FlowKind::enter;
    if (outside || !contexts.is_sound(context)) continue;
    const std::vector<Edge> inputs = draft.inputs(id);
    for (std::uint32_t slot = 0; slot < inputs.size() && !inputs[slot].is_control(); ++slot) {
      const ContextId from = contexts.behind(inputs[slot]);
      const ContextId their_frame = tree.loop_around(from);
      if (their_frame == frame || !tree.contains(their_frame, frame)) continue;
      const DType dtype = output_type(draft, inputs[slot]);
      if (dtype == DType::invalid || !tree.contains(from, context)) continue;
      const Edge led = lead_in.lead(inputs[slot], dtype, from, context);
      draft.redirect(id, slot, led, {"X0", draft.name(id), "takes " + draft.name(led.node)});
      any = true;
    }
  }
  return any;
}

void order_merges(Draft& draft, const Contexts& contexts) {
  const auto limit = static_cast<NodeId>(draft.id_limit());
  for (NodeId id = 0; id < limit; ++id) {
    if (contexts.structure().kind(id) != FlowKind::merge || !is_in_reverse(contexts, id)) continue;
    const ContextId branch = contexts.behind(draft.inputs_now(id)[0]);
    if (!contexts.is_sound(branch) || !draft.consumers_of({id, 1}).empty()) continue;
    NodeDef node = draft.node_def(id);
    std::swap(node.inputs[0], node.inputs[1]);
    const std::string name = node.name;
    draft.replace(id, std::move(node), {"X4", name, "takes its false branch first"});
  }
}

void complete_pivots(Draft& draft, const Contexts& contexts) { PivotMaker(draft, contexts).run(); }

void complete_bodies(Draft& draft, const Contexts& contexts) {
  for (const LoopParts& loop : find_loop_parts(contexts)) {
    if (loop.variables.empty() || loop.variables.front().switches.empty()) continue;
    const bool has_body = std::ranges::any_of(
        loop.variables, [](const LoopVariable& variable) { return !variable.identities.empty(); });
    if (has_body) continue;
    const NodeId turn = loop.variables.front().switches.front();
    NodeDef node = make_node(draft.unique_name(draft.name(turn) + "/thaw_identity"), "Identity",
                             {format_input(draft.name_view(turn), kBody)});
    node.set_attr("T", draft.attr(turn, "T").value_or(attr_of_type(DType::invalid)));
    Change change{"X6", node.name, "stands for the body of a loop"};
    draft.add(std::move(node), turn, std::move(change));
  }
}

}  // namespace thaw::internal
