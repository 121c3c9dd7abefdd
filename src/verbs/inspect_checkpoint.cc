#include "verbs/inspect_checkpoint.h"

#include "match/training_state.h"
#include "subject/object_names.h"
#include "verbs/scope_tree.h"

namespace thaw::internal {

namespace {

std::vector<Slot> slots_of(const StoredSet& stored) {
  std::vector<Slot> slots;
  for (const StoredEntry& entry : stored.entries()) {
    Slot slot;
    slot.name = entry.name;
    slot.keys = {entry.key};
    slot.dtype = entry.dtype;
    slot.shape = entry.shape;
    slots.push_back(std::move(slot));
  }
  return slots;
}

// tf.train.Checkpoint keeps its object graph and a count of files beside the values.
std::string kind_of(const StoredEntry& entry, const TrainingState& state) {
  if (Bytes(entry.key) == kObjectGraphKey) return "object graph";
  if (entry.key == "save_counter/.ATTRIBUTES/VARIABLE_VALUE") return "number of saves";
  if (state.kind == TrainingKind::none && !is_trainable_float(entry.dtype)) return "no real number";
  return state.text();
}

void count(InspectedTotal& total, const StoredEntry& entry) {
  ++total.tensors;
  total.numbers += static_cast<std::uint64_t>(entry.shape.element_count().value_or(0));
  total.bytes += entry.bytes;
}

}  // namespace

InspectedCheckpoint inspect_checkpoint(const StoredSet& stored, const InspectOptions& options,
                                       NameFilter& filter) {
  InspectedCheckpoint told;
  told.prefix = stored.prefix().string();
  told.format = stored.format();
  const std::vector<Slot> slots = slots_of(stored);
  const TrainingStates states(slots);
  ScopeTree tree(options.tree_depth.value_or(1));
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const StoredEntry& entry = stored.entries()[i];
    std::string kind = kind_of(entry, states.find(slots[i]));
    count(told.total, entry);
    if (kind.empty()) count(told.weights, entry);
    if (!filter.takes({entry.name, entry.key})) continue;
    tree.add_weight(entry.name, static_cast<std::uint64_t>(entry.shape.element_count().value_or(0)),
                    entry.bytes);
    told.entries.push_back({entry.key, entry.name, entry.dtype, entry.shape, entry.bytes, std::move(kind)});
  }
  if (options.tree_depth) told.scopes = tree.finish();
  return told;
}

}  // namespace thaw::internal
