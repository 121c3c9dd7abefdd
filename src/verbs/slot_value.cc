#include "verbs/slot_value.h"

#include "names/conventions.h"
#include "thaw/error.h"
#include "verbs/number_value.h"

namespace thaw::internal {

namespace {

std::optional<SlotValue> own(const Slot& slot, std::string why) {
  if (!slot.own) return std::nullopt;
  return SlotValue{*slot.own, Origin::kept, std::move(why)};
}

std::optional<SlotValue> initial(const Slot& slot, std::string why) {
  if (!slot.initial) return std::nullopt;
  return SlotValue{*slot.initial, Origin::initial, std::move(why)};
}

std::optional<SlotValue> step(const Slot& slot, std::int64_t number) {
  const std::optional<Value> value = integer_value(slot.dtype, slot.shape, number);
  if (!value) {
    throw Error(ErrorKind::usage,
                "--global-step " + std::to_string(number) + " does not fit the target's " +
                    thaw::quoted(slot.name) + ", of type " + std::string(name_of(slot.dtype)),
                "a number of that type", "give a smaller one");
  }
  return SlotValue{*value, Origin::reset, "step " + std::to_string(number)};
}

std::optional<SlotValue> reset(const SlotNeed& need) {
  const Slot& slot = need.slot;
  const std::string text = need.training.text();
  if (slot.initial) return SlotValue{*slot.initial, Origin::reset, text};
  if (need.training.kind == TrainingKind::rate) return own(slot, text);
  if (!need.training.initial) return std::nullopt;
  const std::optional<Value> value = number_value(slot.dtype, slot.shape, *need.training.initial);
  return value ? std::optional(SlotValue{*value, Origin::reset, text}) : std::nullopt;
}

std::optional<SlotValue> training_value(const SlotNeed& need, const TransplantOptions& options) {
  const bool is_step = need.training.kind == TrainingKind::step;
  if (is_step && options.global_step) return step(need.slot, *options.global_step);
  if (options.slots == SlotWish::keep) {
    if (std::optional<SlotValue> kept = own(need.slot, need.training.text())) return kept;
  }
  return reset(need);
}

// What no frozen model has: switches, counters, averages of losses.
bool is_state(const Slot& slot) {
  const bool scalar = !slot.shape.unknown_rank() && slot.shape.rank() == 0;
  const NameHint hint = hint_of(slot.name);
  if (!is_trainable_float(slot.dtype)) return true;
  if (hint == NameHint::state) return true;
  if (hint == NameHint::statistic && !scalar) return false;
  return slot.trainable.has_value() && !*slot.trainable;
}

}  // namespace

std::optional<SlotValue> slot_value(const SlotNeed& need, const TransplantOptions& options) {
  if (need.skipped) {
    if (std::optional<SlotValue> kept = own(need.slot, "left out")) return kept;
    return initial(need.slot, "left out");
  }
  // An average is nothing without its variable.
  if (need.training.kind != TrainingKind::none && need.training.kind != TrainingKind::average)
    return training_value(need, options);
  if (!is_state(need.slot)) return std::nullopt;
  const bool keep = options.slots == SlotWish::keep && need.slot.own;
  if (need.slot.initial && !keep) return initial(need.slot, "state");
  return own(need.slot, "state");
}

std::optional<SlotValue> missing_value(const Slot& slot, MissingWish wish) {
  if (wish == MissingWish::keep) {
    if (std::optional<SlotValue> kept = own(slot, "not in the model")) return kept;
    return initial(slot, "not in the model");
  }
  if (wish != MissingWish::zero) return std::nullopt;
  const std::optional<Value> zero = number_value(slot.dtype, slot.shape, 0);
  return zero ? std::optional(SlotValue{*zero, Origin::zero, "not in the model"}) : std::nullopt;
}

}  // namespace thaw::internal
