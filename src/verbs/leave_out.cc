#include "verbs/leave_out.h"

#include <algorithm>

#include "names/pattern.h"

namespace thaw::internal {

LeftOut leave_out(const std::vector<std::string>& skip, ModelWeights& model, const Target& target) {
  PatternSet patterns("--skip", skip);
  LeftOut out;
  out.slots.resize(target.slots.size());
  std::vector<Bytes> names;
  for (std::size_t i = 0; i < target.slots.size(); ++i) {
    names.push_back(target.slots[i].name);
    out.slots[i] = !patterns.empty() && patterns.matches(target.slots[i].name);
    if (out.slots[i]) out.names.push_back(target.slots[i].name);
  }
  ModelWeights left;
  left.unfrozen = model.unfrozen;
  std::vector<std::string> weight_names;
  for (const Weight& weight : model.weights) weight_names.push_back(weight.own_name);
  for (std::size_t i = 0; i < model.weights.size(); ++i) {
    names.push_back(weight_names[i]);
    const bool skipped = !patterns.empty() && patterns.matches(weight_names[i]);
    if (skipped && std::ranges::count(out.names, weight_names[i]) == 0) out.names.push_back(weight_names[i]);
    if (skipped) continue;
    left.weights.push_back(model.weights[i]);
    left.values.push_back(model.values[i]);
  }
  patterns.require_all_matched(names);
  model = std::move(left);
  return out;
}

}  // namespace thaw::internal
