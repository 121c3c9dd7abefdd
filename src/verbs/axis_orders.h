// --layout: entries of the target whose axes come in another order than TensorFlow's own.
//
//   PATTERN=OIHW        the target's order, one letter an axis; TensorFlow's is HWIO, or IO, WIO, DHWIO
//   PATTERN=OIHW:HWIO   the model's order, where it is not TensorFlow's, and the target's
#pragma once

#include <string>
#include <vector>

#include "match/slots.h"

namespace thaw::internal {

// Marks the entries that have as many axes as a rule has letters; the first rule wins. Throws usage for rules
// that are none or that fit no entry.
void mark_axis_orders(const std::vector<std::string>& rules, std::vector<Slot>& slots);

// The slots with their axes in the model's order, as weights are compared with them.
std::vector<Slot> in_models_order(std::vector<Slot> slots);

// The value with its axes in the slot's order.
Value in_targets_order(const Value& value, const Slot& slot);

}  // namespace thaw::internal
