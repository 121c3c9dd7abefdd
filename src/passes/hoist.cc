#include "passes/hoist.h"

#include "passes/lead_in.h"
#include "passes/node_templates.h"

namespace thaw::internal {

namespace {

void move_out(Draft& draft, NodeId constant, ContextId context, LeadIn& lead_in) {
  const std::vector<Edge> readers = draft.consumers(constant);
  NodeDef node = draft.node_def(constant);
  node.inputs.clear();
  const std::string name = node.name;
  draft.replace(constant, std::move(node), {"H1", name, "out of a loop or branch"});
  if (readers.empty()) return;
  const DType dtype = draft.type_attr(constant, "dtype").value_or(DType::invalid);
  const Edge led = lead_in.lead({constant, 0}, dtype, kRootContext, context);
  NodeDef inside = make_identity(draft.unique_name(name + "/thaw_inside"),
                                 format_input(draft.name_view(led.node), led.port), dtype);
  Change change{"H1", inside.name, "a weight inside a loop or branch"};
  const NodeId identity = draft.add(std::move(inside), constant, std::move(change));
  draft.redirect_all(readers, constant, {identity, 0}, "H1");
}

void tie(Draft& draft, NodeId copy, NodeId to, ContextId context, LeadIn& lead_in) {
  const DType dtype = draft.type_attr(copy, "dtype").value_or(DType::invalid);
  const Edge led = lead_in.lead({to, 0}, dtype, kRootContext, context);
  const NodeDef before = draft.node_def(copy);
  NodeDef node = make_identity(before.name, format_input(draft.name_view(led.node), led.port), dtype);
  node.device = before.device;
  node.unknown = before.unknown;
  node.inputs.insert(node.inputs.end(), before.inputs.begin(), before.inputs.end());
  std::string what = "copy of " + draft.name(to);
  draft.replace(copy, std::move(node), {"H2", before.name, std::move(what)});
}

}  // namespace

void hoist_weights(Draft& draft, const Plan& plan, const Contexts& contexts) {
  LeadIn lead_in(draft, contexts, "H1");
  for (const Variable& variable : plan.variables) {
    const ContextId context = contexts.of(variable.node);
    if (context != kRootContext && !variable.ref) move_out(draft, variable.node, context, lead_in);
  }
  for (const Decision& decision : plan.decisions) {
    if (decision.verdict != Verdict::tied || draft.is_removed(decision.node)) continue;
    tie(draft, decision.node, decision.tied_to, contexts.of(decision.node), lead_in);
  }
}

}  // namespace thaw::internal
