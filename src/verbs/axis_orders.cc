#include "verbs/axis_orders.h"

#include <algorithm>
#include <array>

#include "names/pattern.h"
#include "tensor/transposed_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::array<Bytes, 4> kTensorFlow = {"IO", "WIO", "HWIO", "DHWIO"};

struct OrderRule {
  std::string pattern, from, to;
};

std::string sorted(std::string letters) {
  std::ranges::sort(letters);
  return letters;
}

[[noreturn]] void refuse(const std::string& rule) {
  throw Error(ErrorKind::usage, "--layout " + thaw::quoted(rule) + " is no layout",
              "PATTERN=LETTERS, the letters of IO, WIO, HWIO or DHWIO in the target's order",
              "for example --layout 'conv.*/kernel=OIHW'; with the model's order, too: =OIHW:HWIO");
}

OrderRule read_rule(const std::string& rule) {
  const std::size_t equals = rule.rfind('=');
  if (equals == std::string::npos || equals == 0) refuse(rule);
  OrderRule read{rule.substr(0, equals), "", rule.substr(equals + 1)};
  const std::size_t colon = read.to.find(':');
  if (colon != std::string::npos) {
    read.from = read.to.substr(0, colon);
    read.to = read.to.substr(colon + 1);
  }
  const auto known = std::ranges::find_if(
      kTensorFlow, [&](Bytes letters) { return sorted(std::string(letters)) == sorted(read.to); });
  if (known == kTensorFlow.end()) refuse(rule);
  if (colon == std::string::npos) read.from = *known;
  if (sorted(read.from) != sorted(read.to)) refuse(rule);
  return read;
}

bool has_axes(const Slot& slot, std::size_t count) {
  return !slot.shape.unknown_rank() && slot.shape.rank() == count;
}

void mark(const OrderRule& rule, Slot& slot) {
  for (const char letter : rule.to) slot.axes.push_back(rule.from.find(letter));
  slot.layout = {"T3", rule.from + " as " + rule.to};
}

}  // namespace

void mark_axis_orders(const std::vector<std::string>& rules, std::vector<Slot>& slots) {
  for (const std::string& text : rules) {
    const OrderRule rule = read_rule(text);
    PatternSet pattern("--layout", std::span(&rule.pattern, 1));
    std::vector<Bytes> names;
    bool used = false;
    for (Slot& slot : slots) {
      names.push_back(slot.name);
      if (!pattern.matches(slot.name) || !has_axes(slot, rule.to.size())) continue;
      if (slot.axes.empty()) mark(rule, slot);
      used = true;
    }
    pattern.require_all_matched(names);
    if (used) continue;
    throw Error(ErrorKind::usage, "--layout " + thaw::quoted(text) + " fits no entry of the target",
                "an entry with " + std::to_string(rule.to.size()) + " dimensions",
                "see the entries with -n -v");
  }
}

std::vector<Slot> in_models_order(std::vector<Slot> slots) {
  for (Slot& slot : slots) {
    if (slot.axes.empty()) continue;
    std::vector<std::int64_t> dims(slot.axes.size());
    for (std::size_t i = 0; i < dims.size(); ++i) dims[slot.axes[i]] = slot.shape.dims()[i];
    slot.shape = Shape(std::move(dims));
  }
  return slots;
}

Value in_targets_order(const Value& value, const Slot& slot) {
  return slot.axes.empty() ? value : transposed_value(value, slot.axes);
}

}  // namespace thaw::internal
