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
  if (state.kind == TrainingKind::none && !is_trainable_float(entry.dtype)) return "of another type";
  return state.text();
}

std::uint64_t numbers_of(const StoredEntry& entry) {
  return static_cast<std::uint64_t>(entry.shape.element_count().value_or(0));
}

// Checkpoints of the first format do not tell.
std::uint64_t bytes_of(const StoredEntry& entry) {
  const std::size_t element = element_size(entry.dtype);
  return element > 0 ? numbers_of(entry) * element : entry.bytes;
}

void count(InspectedTotal& total, const StoredEntry& entry) {
  ++total.tensors;
  total.numbers += numbers_of(entry);
  total.bytes += bytes_of(entry);
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
    tree.add_weight(entry.name, numbers_of(entry), bytes_of(entry));
    told.entries.push_back(
        {entry.key, entry.name, entry.dtype, entry.shape, bytes_of(entry), std::move(kind)});
  }
  if (options.tree_depth) told.scopes = tree.finish();
  return told;
}

}  // namespace thaw::internal
