// A model's weights and the entries of a checkpoint, or of a file of Keras, that should have their numbers.
#pragma once

#include <filesystem>
#include <map>

#include "compare/value_delta.h"
#include "thaw/verify.h"
#include "verbs/fill_slots.h"
#include "verbs/leave_out.h"

namespace thaw::internal {

// One weight and one entry; a weight may have several, or none.
struct WeightPair {
  std::size_t weight = 0;
  const Value* value = nullptr;              // as it should lie in the checkpoint
  std::optional<std::size_t> slot;           // of the target
  const TransplantedEntry* entry = nullptr;  // null: no name leads there
  std::optional<ValueDelta> delta = std::nullopt;
  bool equal = false, by_content = false, unreadable = false;

  // Its name is that of the model, or the user says so.
  bool is_certain() const {
    if (entry == nullptr) return slot.has_value();
    return entry->stage == MatchStage::exact || entry->stage == MatchStage::rule;
  }
};

// As a transplant into the checkpoint would place the weights; nothing stands in its way.
struct PlacedWeights {
  Target target;
  ModelWeights model;
  LeftOut left_out;
  Matching matching;
  FilledSlots filled;
  std::map<std::string, std::size_t> slot_of_key;
  std::vector<WeightPair> pairs;  // in the model's order
  std::vector<std::string> warnings;
};

// What a transplant is told, so that nothing stands in its way.
TransplantOptions placing_options(const VerifyOptions& options);

// The result is not to be moved once it is made: its pairs point into it. Throws what open_target
// throws, and usage for options that name nothing.
void pair_weights(ModelWeights model, const Destination& files, const std::filesystem::path& checkpoint,
                  const TransplantOptions& options, PlacedWeights& into);

}  // namespace thaw::internal
