#include "passes/function_calls.h"

#include <algorithm>

namespace thaw::internal {

FunctionCalls::FunctionCalls(const Graph& graph, const Library& library)
    : library_(library),
      inner_(library.functions().size()),
      executed_(library.functions().size()),
      can_grow_(library.functions().size(), true) {
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    const NodeDef node = decode_node(graph.skeleton(id));
    const std::optional<CallSite> site = find_call_site(node, library);
    if (site) root_.emplace(id, *site);
    look_at(named_functions(node, library), site);
  }
  for (std::size_t next = 0; next < work_.size(); ++next) {
    const std::size_t function = work_[next];
    const std::vector<FunctionNode>& nodes = library.functions()[function].nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const std::optional<CallSite> site = find_call_site(nodes[i].node, library);
      if (site) inner_[function].emplace(i, *site);
      look_at(named_functions(nodes[i].node, library), site);
    }
  }
  sort();
  settle();
}

void FunctionCalls::look_at(const std::vector<std::size_t>& named, const std::optional<CallSite>& site) {
  for (const std::size_t function : named) {
    if (!site || library_.has_gradient(library_.functions()[function].name)) can_grow_[function] = false;
    if (executed_[function]) continue;
    executed_[function] = true;
    work_.push_back(function);
  }
}

// Functions that call themselves are in no order, nor is who calls them.
void FunctionCalls::sort() {
  std::vector<std::vector<std::size_t>> callers(inner_.size());
  std::vector<std::size_t> open(inner_.size());
  for (const std::size_t function : work_) {
    for (const auto& [node, site] : inner_[function]) {
      open[function] += site.callees.size();
      for (const Callee& callee : site.callees) callers[callee.function].push_back(function);
    }
  }
  for (const std::size_t function : work_) {
    if (open[function] == 0) order_.push_back(function);
  }
  for (std::size_t next = 0; next < order_.size(); ++next) {
    for (const std::size_t caller : callers[order_[next]]) {
      if (--open[caller] == 0) order_.push_back(caller);
    }
  }
  std::vector<bool> sorted(inner_.size());
  for (const std::size_t function : order_) sorted[function] = true;
  for (std::size_t i = 0; i < can_grow_.size(); ++i) can_grow_[i] = can_grow_[i] && sorted[i];
}

void FunctionCalls::fix_callees(const CallSite& site, std::vector<std::size_t>& fixed) {
  for (const Callee& callee : site.callees) {
    if (!can_grow_[callee.function]) continue;
    can_grow_[callee.function] = false;
    fixed.push_back(callee.function);
  }
}

// What a function that stays as it is calls stays too, and so do its siblings in a choice or a loop.
void FunctionCalls::settle() {
  std::vector<std::vector<const CallSite*>> callers(inner_.size());
  const auto note = [&](const Sites& sites) {
    for (const auto& [node, site] : sites) {
      for (const Callee& callee : site.callees) callers[callee.function].push_back(&site);
    }
  };
  note(root_);
  std::vector<std::size_t> fixed;
  for (const std::size_t function : work_) {
    note(inner_[function]);
    if (!can_grow_[function]) fixed.push_back(function);
  }
  for (std::size_t next = 0; next < fixed.size(); ++next) {
    const std::size_t function = fixed[next];
    for (const auto& [node, site] : inner_[function]) fix_callees(site, fixed);
    for (const CallSite* site : callers[function]) fix_callees(*site, fixed);
  }
  std::erase_if(order_, [&](std::size_t function) { return !can_grow_[function]; });
}

}  // namespace thaw::internal
