#include "verbs/fill_slots.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "thaw/error.h"
#include "verbs/added_state.h"
#include "verbs/axis_orders.h"
#include "verbs/slot_value.h"
#include "verbs/transplant_findings.h"

namespace thaw::internal {

namespace {

class SlotFiller {
 public:
  SlotFiller(const ModelWeights& model, const Target& target, const Matching& matching,
             const std::vector<bool>& skipped, const TransplantOptions& options)
      : model_(model), target_(target), matching_(matching), skipped_(skipped), options_(options) {}

  FilledSlots run() {
    place_weights();
    for (std::size_t i = 0; i < target_.slots.size(); ++i) {
      if (!placed_.contains(i)) fill(i);
    }
    add_asked();
    done_.findings = find_findings({model_.weights, target_.slots, matching_, missing_, options_});
    judge();
    sort();
    return std::move(done_);
  }

 private:
  void place_weights() {
    for (const Placement& placement : matching_.placements) {
      placed_.insert(placement.slot);
      const Weight& weight = model_.weights[placement.weight];
      TransplantedEntry entry;
      entry.stage = placement.stage;
      entry.weight = weight.own_name;
      entry.node = weight.node;
      entry.why = placement.why;
      entry.joined = weight.joined;
      const Slot& slot = target_.slots[placement.slot];
      for (const LayoutChange* change : {&weight.layout, &slot.layout}) {
        if (change->rule.empty()) continue;
        entry.layout_rule += (entry.layout_rule.empty() ? "" : ", ") + change->rule;
        entry.layout += (entry.layout.empty() ? "" : ", ") + change->what;
      }
      add(slot.keys, in_targets_order(model_.values[placement.weight], slot), std::move(entry));
    }
  }

  void fill(std::size_t i) {
    const Slot& slot = target_.slots[i];
    const SlotNeed need{slot, matching_.training[i], skipped_[i]};
    std::optional<SlotValue> filled = slot_value(need, options_);
    if (!filled && skipped_[i]) return leave_out(slot);
    if (!filled) filled = missing_value(slot, options_.missing);
    if (!filled) {
      missing_.push_back(i);
      return;
    }
    check_power(need, *filled);
    TransplantedEntry entry;
    entry.origin = filled->origin;
    entry.why = std::move(filled->why);
    add(slot.keys, filled->value, std::move(entry));
  }

  // A Saver of the whole graph would look for it.
  void leave_out(const Slot& slot) {
    if (slot.random) {
      done_.warnings.push_back(thaw::quoted(slot.name) +
                               " is in no file: its initialiser draws numbers; --seed N lets it, or restore "
                               "without it: Saver(var_list)");
    }
  }

  void add(const std::vector<std::string>& keys, const Value& value, TransplantedEntry entry) {
    entry.dtype = value.dtype();
    entry.shape = value.shape();
    entry.bytes = value.byte_size();
    for (const std::string& key : keys) {
      entry.key = key;
      done_.entries.push_back(entry);
      done_.contents.entries.push_back({key, done_.contents.blobs.size(), std::nullopt});
    }
    done_.contents.blobs.push_back(value);
  }

  // After n steps a power is b^(n+1). What is no power of the usual b was made by another optimiser.
  void check_power(const SlotNeed& need, const SlotValue& filled) {
    const bool guessed = need.training.kind == TrainingKind::power && filled.origin == Origin::reset &&
                         !need.slot.initial && need.slot.own && need.slot.dtype == DType::float32;
    if (!guessed) return;
    float own = 0;
    need.slot.own->open()->read(std::as_writable_bytes(std::span(&own, 1)));
    if (!(own > 0 && own < 1)) return;
    const double powers = std::log(static_cast<double>(own)) / std::log(*need.training.initial);
    // Each step rounds once.
    const double doubt = 0.01 + powers * 1e-7 / -std::log(*need.training.initial);
    if (doubt > 0.3 || std::abs(powers - std::round(powers)) <= doubt) return;
    done_.warnings.push_back(thaw::quoted(need.slot.name) + " was reset to " +
                             (need.training.initial == 0.9 ? "0.9" : "0.999") +
                             ", but the target's value is no power of that: give the .meta beside the "
                             "checkpoint, or --slots keep");
  }

  // State for targets that have none.
  void add_asked() {
    std::set<std::string> keys;
    for (const TransplantedEntry& entry : done_.entries) keys.insert(entry.key);
    std::vector<TrainedKey> trained;
    for (const Placement& placement : matching_.placements) {
      const Slot& slot = target_.slots[placement.slot];
      const Weight& weight = model_.weights[placement.weight];
      if (placement.stage == MatchStage::average || !slot.trainable.value_or(weight.trainable)) continue;
      const Shape shape = in_targets_order(model_.values[placement.weight], slot).shape();
      for (const std::string& key : slot.keys) trained.push_back({key, weight.dtype, shape});
    }
    const bool has_step = std::ranges::any_of(
        matching_.training, [](const TrainingState& state) { return state.kind == TrainingKind::step; });
    const std::optional<std::int64_t> step = has_step ? std::nullopt : options_.global_step;
    for (const AddedState& state : added_state(trained, options_.optimizer, step)) {
      if (keys.contains(state.key)) continue;
      TransplantedEntry entry;
      entry.origin = Origin::reset;
      entry.why = state.why;
      add({state.key}, state.value, std::move(entry));
    }
  }

  void judge() {
    for (const TransplantFinding& finding : done_.findings) {
      const bool harmless = finding.kind == FindingKind::left_over ||
                            (finding.kind == FindingKind::mismatch && options_.missing != MissingWish::error);
      done_.complete = done_.complete && harmless;
    }
    done_.complete = done_.complete && !matching_.placements.empty();
  }

  void sort() {
    std::ranges::sort(done_.entries, {}, &TransplantedEntry::key);
    std::ranges::sort(done_.contents.entries, {}, &CheckpointEntry::key);
  }

  const ModelWeights& model_;
  const Target& target_;
  const Matching& matching_;
  const std::vector<bool>& skipped_;
  const TransplantOptions& options_;
  std::set<std::size_t> placed_;
  std::vector<std::size_t> missing_;
  FilledSlots done_;
};

}  // namespace

FilledSlots fill_slots(const ModelWeights& model, const Target& target, const Matching& matching,
                       const std::vector<bool>& skipped, const TransplantOptions& options) {
  return SlotFiller(model, target, matching, skipped, options).run();
}

}  // namespace thaw::internal
