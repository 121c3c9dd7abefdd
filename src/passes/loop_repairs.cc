#include "passes/loop_repairs.h"

#include <algorithm>

#include "passes/node_templates.h"

namespace thaw::internal {

namespace {

// "while/Merge_2" -> "while/Exit_2", the name TensorFlow gives; else "while/Switch_2/thaw_exit".
std::string name_like_merge(const Draft& draft, NodeId switch_id, const std::string& part,
                            const std::string& otherwise) {
  const std::string merge = draft.name(draft.inputs_now(switch_id)[0].node);
  const std::size_t digits = merge.find_last_not_of("0123456789") + 1;
  const bool numbered = digits < merge.size() && digits > 0 && merge[digits - 1] == '_';
  const std::size_t end = numbered ? digits - 1 : merge.size();
  const std::string base = merge.substr(0, end);
  if (base.ends_with("Merge")) {
    const std::string name = base.substr(0, base.size() - 5) + part + merge.substr(end);
    if (draft.find(name) == kNoNode) return name;
  }
  return draft.unique_name(draft.name(switch_id) + otherwise);
}

std::vector<NodeId> variable_switches(const Draft& draft, const FlowStructure& structure) {
  std::vector<NodeId> found;
  const auto limit = static_cast<NodeId>(draft.id_limit());
  for (NodeId id = 0; id < limit; ++id) {
    if (structure.is_loop_switch(id) && structure.is_loop_merge(draft.inputs_now(id)[0].node))
      found.push_back(id);
  }
  return found;
}

NodeId add_behind(Draft& draft, NodeId switch_id, std::uint32_t output, NodeDef node, const char* rule,
                  const char* what) {
  const NodeDef before = draft.node_def(switch_id);
  node.op = (before.op == "RefSwitch" ? "Ref" : "") + node.op;
  node.inputs = {format_input(before.name, output)};
  node.device = before.device;
  if (const NodeAttr* type = before.find_attr("T")) node.set_attr("T", type->value);
  Change change{rule, node.name, what};
  return draft.add(std::move(node), switch_id, std::move(change));
}

void pass_on(Draft& draft, NodeId exit, NodeId first) {
  NodeDef node = draft.node_def(exit);
  node.op = node.op == "RefExit" ? "RefIdentity" : "Identity";
  node.inputs[0] = draft.name(first);
  const std::string name = node.name;
  draft.replace(exit, std::move(node), {"X1", name, "a second exit reads the first"});
}

void split_off(Draft& draft, NodeId guard, std::uint32_t branch, const std::vector<Edge>& readers) {
  NodeDef node = draft.node_def(guard);
  node.name = draft.unique_name(node.name + (branch == 1 ? "/thaw_true" : "/thaw_false"));
  Change change{"X3", node.name, "a guard of its own for one branch"};
  const NodeId copy = draft.add(std::move(node), guard, std::move(change));
  draft.redirect_all(readers, guard, {copy, branch}, "X3");
}

}  // namespace

void complete_exits(Draft& draft, const FlowStructure& structure) {
  for (const NodeId id : variable_switches(draft, structure)) {
    std::vector<Edge> exits = draft.consumers_of({id, kLeaves});
    std::erase_if(exits, [&](const Edge& edge) {
      return structure.kind(edge.node) != FlowKind::exit || edge.port != 0;
    });
    for (std::size_t i = 1; i < exits.size(); ++i) pass_on(draft, exits[i].node, exits[0].node);
    if (!exits.empty()) continue;
    NodeDef node = make_node(name_like_merge(draft, id, "Exit", "/thaw_exit"), "Exit");
    add_behind(draft, id, kLeaves, std::move(node), "X1", "exit of a loop's variable");
  }
}

void complete_identities(Draft& draft, const FlowStructure& structure) {
  for (const NodeId id : variable_switches(draft, structure)) {
    const std::vector<Edge> readers = draft.consumers_of({id, kBody});
    const bool whole = readers.size() == 1 && structure.kind(readers[0].node) == FlowKind::identity;
    if (readers.empty() || whole) continue;
    NodeDef node = make_node(name_like_merge(draft, id, "Identity", "/thaw_identity"), "Identity");
    const NodeId identity =
        add_behind(draft, id, kBody, std::move(node), "X2", "a loop's variable inside its body");
    draft.redirect_all(readers, id, {identity, 0}, "X2");
  }
}

void split_guards(Draft& draft, const FlowStructure& structure) {
  const auto limit = static_cast<NodeId>(draft.id_limit());
  for (NodeId id = 0; id < limit; ++id) {
    if (!structure.is_cond_switch(id) || structure.is_pivot_switch(id)) continue;
    std::vector<Edge> when_true = draft.consumers_of({id, 1}), when_false = draft.consumers_of({id, 0});
    const auto is_itself = [id](const Edge& reader) { return reader.node == id; };  // a cycle that is no loop
    std::erase_if(when_true, is_itself);
    std::erase_if(when_false, is_itself);
    if (when_true.empty() || when_false.empty()) continue;
    split_off(draft, id, 1, when_true);
    // What only waits for it lies outside of both branches, and so must the guard it waits for.
    if (!draft.consumers_of({id, kControl}).empty()) split_off(draft, id, 0, when_false);
  }
}

}  // namespace thaw::internal
