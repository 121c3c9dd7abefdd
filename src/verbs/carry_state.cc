#include "verbs/carry_state.h"

#include <algorithm>
#include <set>

#include "passes/locals.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

void add_entry(const std::string& key, const CarriedVariable& variable, Plan& plan) {
  plan.checkpoint.entries.push_back({key, plan.checkpoint.blobs.size(), variable.place});
  plan.checkpoint.blobs.push_back(variable.value);
}

}  // namespace

void carry_state(Draft& draft, const CarriedVariables& carried, Plan& plan,
                 std::vector<VariableNodes>& variables) {
  std::vector<LocalVariable> state;
  const auto is_carried = [&](const LocalVariable& local) { return carried.state.contains(local.node); };
  std::ranges::copy_if(plan.locals, std::back_inserter(state), is_carried);
  std::erase_if(plan.locals, is_carried);
  for (const LocalVariable& local : state) {
    std::vector<VariableNodes> made = make_locals(draft, {local}, plan.warnings);
    if (made.empty()) continue;
    const CarriedVariable& was = carried.state.at(local.node);
    VariableNodes& nodes = made.front();
    nodes.key = was.place ? was.whole : nodes.name;
    nodes.slice = was.place;
    nodes.trainable = was.trainable.value_or(false);
    add_entry(nodes.key, was, plan);
    plan.state.push_back({nodes.name, nodes.key, plan.checkpoint.blobs.size() - 1, nodes.trainable});
    variables.push_back(std::move(nodes));
  }
  if (!state.empty()) std::ranges::stable_sort(variables, {}, &VariableNodes::key);
}

void carry_others(const CarriedVariables& carried, Plan& plan) {
  std::set<std::string> keys;
  for (const CheckpointEntry& entry : plan.checkpoint.entries) keys.insert(entry.key);
  for (const CarriedEntry& other : carried.others) {
    if (!keys.insert(other.key).second) continue;
    plan.checkpoint.entries.push_back({other.key, plan.checkpoint.blobs.size(), std::nullopt});
    plan.checkpoint.blobs.push_back(other.value);
    plan.carried.push_back(other.key);
  }
}

}  // namespace thaw::internal
