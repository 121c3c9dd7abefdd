// The state of an optimizer that has not begun, for checkpoints whose reader expects some.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

struct TrainedKey {
  std::string key;
  DType dtype = DType::invalid;
  Shape shape;
};

struct AddedState {
  std::string key;
  Value value;
  std::string why;
};

// Slots and powers of `optimizer` (nothing for an empty name) and `global_step` as int64, when it is given.
// Throws usage for an optimizer that is not known.
std::vector<AddedState> added_state(const std::vector<TrainedKey>& trained, const std::string& optimizer,
                                    std::optional<std::int64_t> global_step);

}  // namespace thaw::internal
