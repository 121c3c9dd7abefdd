#include "passes/lead_in.h"

#include <algorithm>

#include "messages/attr_value.h"
#include "passes/node_templates.h"

namespace thaw::internal {

Edge LeadIn::lead(const Edge& tensor, DType dtype, ContextId from, ContextId to) {
  std::vector<ContextId> way;
  Edge now = tensor;
  for (ContextId at = to; at != from; at = contexts_.tree().outer(at)) {
    const auto known = done_.find({tensor.node, tensor.port, at});
    if (known != done_.end()) {
      now = known->second;
      break;
    }
    way.push_back(at);
  }
  const std::string origin = draft_.name(tensor.node);
  std::ranges::reverse(way);
  for (const ContextId into : way) {
    now = step(now, dtype, into, origin);
    done_[{tensor.node, tensor.port, into}] = now;
  }
  return now;
}

Edge LeadIn::step(const Edge& tensor, DType dtype, ContextId into, const std::string& origin) {
  const bool is_loop = contexts_.tree().is_loop(into);
  NodeDef node;
  if (is_loop) {
    node = make_enter(into, origin);
  } else {
    const Edge predicate = contexts_.cond(into).predicate;
    node = make_node(draft_.unique_name(origin + "/thaw_guard"), "Switch");
    node.inputs = {format_input(draft_.name_view(predicate.node), predicate.port)};
  }
  node.inputs.insert(node.inputs.begin(), format_input(draft_.name_view(tensor.node), tensor.port));
  node.set_attr("T", attr_of_type(dtype));
  Change change{rule_, node.name, is_loop ? "leads into a loop" : "leads into a branch"};
  const NodeId added = draft_.add(std::move(node), tensor.node, std::move(change));
  return {added, is_loop ? 0 : contexts_.tree().branch(into)};
}

NodeDef LeadIn::make_enter(ContextId loop, const std::string& origin) const {
  const NodeId like = contexts_.frame(loop).enters.front();
  NodeDef node = make_node(draft_.unique_name(origin + "/thaw_enter"), "Enter");
  node.set_attr("frame_name", draft_.attr(like, "frame_name").value_or(attr_of_string("")));
  node.set_attr("is_constant", attr_of_bool(true));
  node.set_attr("parallel_iterations", draft_.attr(like, "parallel_iterations").value_or(attr_of_int(10)));
  return node;
}

}  // namespace thaw::internal
