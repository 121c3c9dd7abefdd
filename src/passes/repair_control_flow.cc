#include "passes/repair_control_flow.h"

#include "passes/context_repairs.h"
#include "passes/loop_repairs.h"
#include "passes/pair_merges.h"

namespace thaw::internal {

namespace {

// One is enough for everything that was ever seen: a bridge leads through all levels at once.
constexpr int kMostRounds = 4;

}  // namespace

std::optional<Contexts> repair_control_flow(Draft& draft) {
  const FlowStructure structure(draft);
  if (structure.empty()) return std::nullopt;
  complete_exits(draft, structure);
  complete_identities(draft, structure);
  split_guards(draft, structure);
  std::optional<Contexts> contexts(std::in_place, draft);
  for (int round = 1; bridge_frames(draft, *contexts) && round < kMostRounds; ++round)
    contexts.emplace(draft);
  if (join_in_pairs(draft, *contexts)) contexts.emplace(draft);
  order_merges(draft, *contexts);
  complete_pivots(draft, *contexts);
  complete_bodies(draft, *contexts);
  return contexts;
}

}  // namespace thaw::internal
