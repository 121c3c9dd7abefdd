// Every entry of the target with the value it gets, and what stands in the way.
#pragma once

#include "match/match.h"
#include "target/target.h"
#include "verbs/model_weights.h"

namespace thaw::internal {

struct FilledSlots {
  CheckpointContents contents;
  std::vector<TransplantedEntry> entries;  // as the contents' entries
  std::vector<TransplantFinding> findings;
  std::vector<std::string> warnings;
  bool complete = true;
};

// What the user left out takes no part in `matching`, and keeps what the target has: `skipped`, by slot.
FilledSlots fill_slots(const ModelWeights& model, const Target& target, const Matching& matching,
                       const std::vector<bool>& skipped, const TransplantOptions& options);

}  // namespace thaw::internal
