#include "verbs/variable_roles.h"

#include "match/training_state.h"
#include "weights/roles.h"
#include "weights/uses.h"

namespace thaw::internal {

namespace {

std::vector<Slot> slots_of(const std::vector<GraphVariable>& variables) {
  std::vector<Slot> slots;
  for (const GraphVariable& variable : variables) {
    Slot slot;
    slot.name = variable.name;
    slot.dtype = variable.dtype;
    slot.shape = variable.shape;
    slot.trainable = variable.trainable;
    slots.push_back(std::move(slot));
  }
  return slots;
}

}  // namespace

std::vector<Role> roles_of_variables(const Graph& graph, const std::vector<GraphVariable>& variables) {
  std::vector<Role> roles;
  if (variables.empty()) return roles;
  const DataFlow flow(graph);
  const std::vector<Slot> slots = slots_of(variables);
  const TrainingStates states(slots);
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const GraphVariable& variable = variables[i];
    // Keras of TensorFlow 1 calls the numbers of its optimizers trainable.
    const bool is_state = variable.local || states.find(slots[i]).kind != TrainingKind::none;
    if (!is_state && variable.trainable.value_or(false)) {
      roles.push_back(Role::trainable);
      continue;
    }
    Role role = Role::state;
    if (!is_state)
      role = decide_role(graph, variable.node, Decision{}, find_uses(graph, flow, variable.node)).role;
    const bool told = variable.trainable.has_value();
    roles.push_back(told && role == Role::trainable ? Role::state : role);
  }
  return roles;
}

}  // namespace thaw::internal
