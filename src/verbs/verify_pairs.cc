#include "verbs/verify_pairs.h"

#include <algorithm>
#include <set>

#include "verbs/axis_orders.h"
#include "verbs/convert_cells.h"

namespace thaw::internal {

namespace {

void place(const TransplantOptions& options, PlacedWeights& into) {
  into.warnings = convert_cells(into.model, into.target.slots);
  mark_axis_orders(options.layout, into.target.slots);
  into.left_out = leave_out(options.skip, into.model, into.target);
  into.matching = match(into.model.weights, in_models_order(into.target.slots),
                        {options.scope.empty(), options.accept_order, into.left_out.slots,
                         into.target.patched.has_value(), into.target.ordinal});
  into.filled = fill_slots(into.model, into.target, into.matching, into.left_out.slots, options);
  for (std::size_t i = 0; i < into.target.slots.size(); ++i) {
    for (const std::string& key : into.target.slots[i].keys) into.slot_of_key[key] = i;
  }
}

// An entry of the same name that is of another type or shape.
std::optional<std::size_t> clash_of(const Matching& matching, std::size_t weight) {
  for (const auto& [clashing, slot] : matching.clashes) {
    if (clashing == weight) return slot;
  }
  return std::nullopt;
}

// Entries that a value was placed in, and weights that were placed nowhere. Averages are not the model's.
void make_pairs(PlacedWeights& into) {
  std::map<std::string, std::size_t> weights;
  const std::vector<Weight>& all = into.model.weights;
  for (std::size_t i = 0; i < all.size(); ++i) weights[all[i].own_name] = i;
  std::vector<bool> placed(all.size());
  std::set<std::size_t> slots;
  for (std::size_t i = 0; i < into.filled.entries.size(); ++i) {
    const TransplantedEntry& entry = into.filled.entries[i];
    if (entry.origin != Origin::weight || entry.stage == MatchStage::average) continue;
    const std::size_t weight = weights.at(entry.weight), slot = into.slot_of_key.at(entry.key);
    placed[weight] = true;
    for (const std::string& joined : entry.joined) placed[weights.at(joined)] = true;
    if (!slots.insert(slot).second) continue;
    const std::size_t blob = into.filled.contents.entries[i].blob;
    into.pairs.push_back({weight, &into.filled.contents.blobs[blob], slot, &entry});
  }
  for (std::size_t i = 0; i < placed.size(); ++i) {
    if (!placed[i]) into.pairs.push_back({i, &into.model.values[i], clash_of(into.matching, i)});
  }
  std::ranges::stable_sort(into.pairs, {}, &WeightPair::weight);
}

}  // namespace

TransplantOptions placing_options(const VerifyOptions& options) {
  TransplantOptions placing;
  placing.thaw = options.thaw;
  placing.keep = options.keep;
  placing.skip = options.skip;
  placing.rename = options.rename;
  placing.rules = options.rules;
  placing.scope = options.scope;
  placing.strip_prefix = options.strip_prefix;
  placing.layout = options.layout;
  placing.accept_order = options.accept_order;
  placing.missing = MissingWish::keep;
  placing.force = true;
  return placing;
}

void pair_weights(ModelWeights model, const Destination& files, const std::filesystem::path& checkpoint,
                  const TransplantOptions& options, PlacedWeights& into) {
  into.target = open_target(files, checkpoint, std::nullopt);
  into.model = std::move(model);
  place(options, into);
  make_pairs(into);
}

}  // namespace thaw::internal
