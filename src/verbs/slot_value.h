// What an entry of the target gets that the model has nothing for.
#pragma once

#include "match/training_state.h"
#include "thaw/transplant.h"

namespace thaw::internal {

struct SlotValue {
  Value value;
  Origin origin;
  std::string why;
};

struct SlotNeed {
  const Slot& slot;
  const TrainingState& training;
  bool skipped;
};

// Nothing when it is a weight that is missing.
std::optional<SlotValue> slot_value(const SlotNeed& need, const TransplantOptions& options);

// For a weight that is missing, as `options.missing` says.
std::optional<SlotValue> missing_value(const Slot& slot, MissingWish wish);

}  // namespace thaw::internal
