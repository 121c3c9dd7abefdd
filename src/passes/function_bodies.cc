#include "passes/function_bodies.h"

#include <algorithm>

#include "draft/call_expansion.h"
#include "draft/library_edit.h"
#include "messages/attr_value.h"
#include "ops/runtime_gradients.h"
#include "passes/body_writer.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// The runtime's gradients are wrong for complex numbers.
bool trains_inside(const NodeDef& node) {
  const NodeAttr* attr = node.find_attr("T");
  const DType type =
      attr == nullptr ? DType::invalid : attr_as_type(attr->value.bytes()).value_or(DType::invalid);
  return has_runtime_gradient(node.op) && type != DType::complex64 && type != DType::complex128;
}

std::uint64_t cost_of(const FunctionDef& function) {
  std::uint64_t cost = 0;
  for (const FunctionNode& node : function.nodes) cost += 1 + node.node.inputs.size();
  return cost;
}

// Every node comes to wait for what the call waits for.
std::uint64_t cost_of_call(const NodeDef& call, const FunctionBody& body) {
  const std::size_t waits = call.inputs.size() - data_input_count(call);
  return body.cost + call.inputs.size() + waits * body.function.nodes.size();
}

}  // namespace

FunctionBodies::FunctionBodies(const Library& library, const FunctionCalls& calls,
                               const std::vector<bool>& reached, bool expand_cells, std::uint64_t most)
    : library_(library),
      calls_(calls),
      expand_cells_(expand_cells),
      most_(most),
      bodies_(library.functions().size()) {
  for (const std::size_t function : calls.order()) {
    if (!reached[function]) continue;
    const FunctionDef& was = library.functions()[function];
    BodyWriter writer(*this, was, calls.of_function(function), expand_cells_);
    FunctionBody body = writer.run();
    body.cost = cost_of(body.function);
    cost_ += body.is_changed ? body.cost : 0;
    if (body.is_changed) {
      forget_twins(body.function);
      body.function.name = content_name(body.function, library);
      changes_.push_back({"F3", body.function.name, was.name + " with parts written out"});
      for (const Change& change : writer.changes())
        changes_.push_back({change.rule, body.function.name + "/" + change.node, change.what});
    }
    bodies_[function] = std::move(body);
    look_at(function);
  }
  for (std::size_t i = 0; i < bodies_.size(); ++i) {
    if (!reached[i] || calls.can_grow(i)) continue;
    bodies_[i].function = library.functions()[i];
    look_at(i);
  }
}

// The first node that the runtime cannot differentiate.
void FunctionBodies::look_at(std::size_t function) {
  FunctionBody& body = bodies_[function];
  for (const FunctionNode& node : body.function.nodes) {
    if (trains_inside(node.node)) continue;
    const std::optional<CallSite> site = find_call_site(node.node, library_);
    const bool trains =
        site && site->callees[0].attr.empty() && bodies_[site->callees[0].function].blocking_op.empty();
    if (trains) continue;
    body.blocking_op = node.node.op;
    body.blocking_node = node.node.name;
    return;
  }
}

// One whose operation is the function's name goes on calling the old one.
bool FunctionBodies::follows(const CallSite& site) const {
  return !site.callees[0].attr.empty() && std::ranges::any_of(site.callees, [&](const Callee& callee) {
    return bodies_[callee.function].is_changed;
  });
}

bool FunctionBodies::writes_out(const NodeDef& call, const CallSite& site, const std::string& shown,
                                const IsTaken& is_taken) {
  const FunctionBody& body = bodies_[site.callees[0].function];
  const bool wanted = !body.blocking_op.empty() || (body.is_changed && site.callees[0].attr.empty());
  if (site.kind != CallKind::call || !wanted) return false;
  std::string why = why_it_stays(call, site, is_taken);
  if (why.empty()) {
    cost_ += cost_of_call(call, body);
    return true;
  }
  const std::string node = thaw::quoted(body.blocking_node);
  stay_.push_back({shown, body.blocking_op, node, std::move(why)});
  return false;
}

std::string FunctionBodies::why_it_stays(const NodeDef& call, const CallSite& site,
                                         const IsTaken& is_taken) const {
  const std::size_t function = site.callees[0].function;
  const FunctionBody& body = bodies_[function];
  if (!calls_.can_grow(function)) return "its function calls itself, or is named by more than calls";
  std::string why = reason_to_keep(call, site, body.function);
  if (!why.empty()) return why;
  if (cost_ + cost_of_call(call, body) > most_) return "the graph would become too large";
  const auto taken = [&](const FunctionNode& node) { return is_taken(call.name + "/" + node.node.name); };
  if (std::ranges::any_of(body.function.nodes, taken)) return "the names below it are taken";
  return "";
}

void FunctionBodies::follow(NodeDef& call, const CallSite& site) const {
  std::vector<std::string> names;
  for (const Callee& callee : site.callees) {
    const FunctionBody& body = bodies_[callee.function];
    names.push_back(body.is_changed ? body.function.name : library_.functions()[callee.function].name);
  }
  rename_functions(call, site, names);
}

}  // namespace thaw::internal
