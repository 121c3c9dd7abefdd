#include "verbs/weight_list.h"

#include <algorithm>
#include <map>

#include "match/training_state.h"
#include "ops/variable_op.h"
#include "subject/graph_variables.h"
#include "subject/object_names.h"
#include "thaw/error.h"
#include "verbs/model_weights.h"

namespace thaw::internal {

namespace {

void add_name(ListedWeight& weight, const std::string& name) {
  if (!name.empty() && std::ranges::count(weight.names, name) == 0) weight.names.push_back(name);
}

// What the object graph and the numbering of files are called (python/checkpoint/checkpoint.py).
bool is_bookkeeping(const ListedWeight& weight) {
  return weight.id == kObjectGraphKey || weight.id.starts_with("save_counter/.ATTRIBUTES/");
}

void tell_states(std::vector<ListedWeight>& weights) {
  std::vector<Slot> slots;
  for (const ListedWeight& weight : weights) {
    Slot slot;
    slot.name = weight.names.front();
    slot.keys = {weight.id};
    slot.dtype = weight.dtype;
    slot.shape = weight.shape;
    slots.push_back(std::move(slot));
  }
  const TrainingStates states(slots);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i].state =
        is_bookkeeping(weights[i]) ? "bookkeeping of the checkpoint" : states.find(slots[i]).text();
  }
}

WeightList list_entries(const ComparedSide& side) {
  StoredSet& values = *side.subject.values;
  WeightList list{WeightSource::stored, {}};
  std::map<std::string, std::size_t> by_key;
  for (const StoredEntry& entry : values.entries()) {
    ListedWeight weight{entry.key, {}, entry.dtype, entry.shape, {}, {}, {}};
    add_name(weight, entry.name);
    add_name(weight, entry.key);
    weight.read = [&values, key = entry.key] { return values.value(key); };
    by_key.emplace(entry.key, list.weights.size());
    list.weights.push_back(std::move(weight));
  }
  if (side.model != nullptr) {
    for (const GraphVariable& variable : graph_variables(*side.model, &values)) {
      for (const std::string& key : variable.keys) {
        const auto found = by_key.find(key);
        if (found == by_key.end() || variable.place) continue;
        ListedWeight& weight = list.weights[found->second];
        add_name(weight, variable.name);
        if (weight.node.empty()) weight.node = variable.name;
      }
    }
  }
  tell_states(list.weights);
  return list;
}

WeightList list_slots(const Target& keras) {
  WeightList list{WeightSource::stored, {}};
  for (const Slot& slot : keras.slots) {
    ListedWeight weight{slot.keys.front(), {slot.name}, slot.dtype, slot.shape, {}, {}, {}};
    for (const std::string& key : slot.keys) add_name(weight, key);
    if (slot.own) weight.read = [value = *slot.own] { return value; };
    list.weights.push_back(std::move(weight));
  }
  tell_states(list.weights);
  return list;
}

WeightList list_variables(const Model& model) {
  WeightList list{WeightSource::declared, {}};
  for (const GraphVariable& variable : graph_variables(model, nullptr)) {
    if (variable.local) continue;
    ListedWeight weight{variable.name, {variable.name}, variable.dtype, variable.shape, {}, {},
                        variable.name};
    for (const std::string& key : variable.keys) add_name(weight, key);
    list.weights.push_back(std::move(weight));
  }
  if (list.weights.empty()) list.source = WeightSource::none;
  tell_states(list.weights);
  return list;
}

WeightList list_constants(const Model& model) {
  try {
    const ModelWeights found = find_model_weights(model, {});
    WeightList list{WeightSource::constants, {}};
    for (std::size_t i = 0; i < found.weights.size(); ++i) {
      const Weight& weight = found.weights[i];
      const auto read = [value = found.values[i]] { return value; };
      list.weights.push_back({weight.node,
                              {weight.name},
                              weight.dtype,
                              weight.shape,
                              read,
                              {},
                              weight.node,
                              found.constants[i]});
    }
    return list;
  } catch (const Error& error) {
    // Variables that are still variables, or no constant that is surely a weight.
    if (error.kind() != ErrorKind::missing_values && error.kind() != ErrorKind::no_weights) throw;
    return list_variables(model);
  }
}

}  // namespace

WeightList list_weights(const ComparedSide& side) {
  if (side.keras) return list_slots(*side.keras);
  if (side.subject.values) return list_entries(side);
  return side.model == nullptr ? WeightList{} : list_constants(side.frozen());
}

std::optional<ListedWeight> listed_constant(const std::shared_ptr<const Graph>& graph,
                                            const std::string& node) {
  const NodeId id = graph->find(node);
  if (id == kNoNode || graph->op(id) != "Const") return std::nullopt;
  const std::optional<TensorHead> head = graph->tensor_head(id, "value");
  if (!head || head->dtype == DType::invalid) return std::nullopt;
  const auto read = [graph, id] { return graph->tensor(id, "value").value; };
  return ListedWeight{node, {node}, head->dtype, head->shape, read, {}, node};
}

}  // namespace thaw::internal
