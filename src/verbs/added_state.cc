#include "verbs/added_state.h"

#include "match/training_state.h"
#include "verbs/number_value.h"

namespace thaw::internal {

namespace {

void add_slots(const TrainedKey& trained, const OptimizerSlots& optimizer, std::vector<AddedState>& added) {
  for (const OptimizerSlots::Entry& entry : optimizer.per_variable) {
    const std::optional<Value> value = number_value(trained.dtype, trained.shape, entry.initial);
    if (value) added.push_back({trained.key + "/" + entry.name, *value, "slot of " + optimizer.name});
  }
}

}  // namespace

std::vector<AddedState> added_state(const std::vector<TrainedKey>& trained, const std::string& optimizer,
                                    std::optional<std::int64_t> global_step) {
  std::vector<AddedState> added;
  if (!optimizer.empty()) {
    const OptimizerSlots& rows = find_optimizer(optimizer);
    for (const TrainedKey& key : trained) add_slots(key, rows, added);
    // They have the type of the first variable that is trained (Adam's _create_slots).
    const DType dtype = trained.empty() ? DType::float32 : trained.front().dtype;
    for (const OptimizerSlots::Entry& entry : rows.scalars) {
      const std::optional<Value> value = number_value(dtype, Shape(), entry.initial);
      if (value) added.push_back({entry.name, *value, "power of a decay"});
    }
  }
  if (global_step)
    added.push_back({"global_step", integer_value(DType::int64, Shape(), *global_step).value(), "step"});
  return added;
}

}  // namespace thaw::internal
