#include "passes/changed_arguments.h"

#include <algorithm>
#include <set>

#include "passes/variable_users.h"

namespace thaw::internal {

ChangedArguments::ChangedArguments(const Library& library) : library_(library) {
  std::size_t all = 0;
  for (const FunctionDef& function : library.functions()) {
    first_.push_back(all);
    all += function.inputs.size();
  }
  changed_.resize(all);
  callers_.resize(all);
  for (std::size_t i = 0; i < first_.size(); ++i) look_at(i);
  spread();
}

bool ChangedArguments::contains(const CallSite& site, std::uint32_t argument) const {
  return std::ranges::any_of(site.callees, [&](const Callee& callee) {
    const bool has = argument < library_.functions()[callee.function].inputs.size();
    return has && changed_[place(callee.function, argument)];
  });
}

void ChangedArguments::look_at(std::size_t function) {
  const FunctionDef& body = library_.functions()[function];
  takers_.clear();
  for (std::size_t i = 0; i < body.nodes.size(); ++i) {
    const std::vector<std::string>& inputs = body.nodes[i].node.inputs;
    for (std::uint32_t slot = 0; slot < inputs.size(); ++slot) {
      const FunctionInput input = parse_function_input(inputs[slot]);
      if (!input.is_control) takers_[std::string(input.node)].emplace_back(i, slot);
    }
  }
  for (std::size_t i = 0; i < body.inputs.size(); ++i) {
    if (body.inputs[i].type == DType::resource) follow(function, i);
  }
}

void ChangedArguments::follow(std::size_t function, std::size_t argument) {
  const FunctionDef& body = library_.functions()[function];
  const std::size_t here = place(function, argument);
  std::vector<std::string> work{body.inputs[argument].name};
  std::set<std::string> seen(work.begin(), work.end());
  while (!work.empty()) {
    const auto takers = takers_.find(work.back());
    work.pop_back();
    if (takers == takers_.end()) continue;
    for (const auto& [index, slot] : takers->second) {
      const NodeDef& node = body.nodes[index].node;
      if (goes_on(node, slot, here) && seen.insert(node.name).second) work.push_back(node.name);
    }
  }
}

// Notes what a node does with what it is given; true when it gives it on.
bool ChangedArguments::goes_on(const NodeDef& node, std::uint32_t slot, std::size_t here) {
  const VariableUse use = use_of_variable(node.op, slot, false);
  if (use == VariableUse::change) changed_[here] = true;
  if (use != VariableUse::call) return passes_on(use, slot, 0) || passes_on(use, slot, slot);
  const std::optional<CallSite> site = find_call_site(node, library_);
  if (!site || slot < site->first_argument) return false;
  const std::uint32_t handed = slot - site->first_argument;
  for (const Callee& callee : site->callees) {
    if (handed < library_.functions()[callee.function].inputs.size())
      callers_[place(callee.function, handed)].push_back(here);
  }
  return true;
}

void ChangedArguments::spread() {
  std::vector<std::size_t> work;
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    if (changed_[i]) work.push_back(i);
  }
  while (!work.empty()) {
    const std::size_t callee = work.back();
    work.pop_back();
    for (const std::size_t caller : callers_[callee]) {
      if (changed_[caller]) continue;
      changed_[caller] = true;
      work.push_back(caller);
    }
  }
}

}  // namespace thaw::internal
