// Inputs of TensorFlow's operations that only weights fill. Rows of a table; slots count data inputs from 0.
#pragma once

#include <cstdint>
#include <string_view>

namespace thaw::internal {

// What a weight is to the operation that takes it.
enum class Part : std::uint8_t {
  kernel,
  bias,
  gamma,
  beta,
  mean,
  variance,
  table,
  peephole,
  initial_state,
  range,
  opaque,
};

struct WeightSlot {
  std::string_view op;
  std::int8_t slot;
  Part part;
  std::int8_t data_slot;  // the input that must depend on data for this to be a weight; -1: none
};

// The row of a weight slot, or nothing. MatMul and its kin have two: 1, and 0 for a weight on the left.
const WeightSlot* find_weight_slot(std::string_view op, std::uint32_t slot);

}  // namespace thaw::internal
