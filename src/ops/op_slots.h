// What the inputs of TensorFlow's operations mean to a weight: slots that only a weight fills, slots that
// hold numbers of the program (shapes, axes, sizes), and operations a weight passes through on its way. Rows
// of tables; slots count data inputs from 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace thaw::internal {

// Whether the slot takes a shape, axis, size or another number of the program. Counted from the end for ops
// such as ConcatV2, hence the number of data inputs.
bool is_structural_slot(std::string_view op, std::uint32_t slot, std::uint32_t data_inputs);

// Whether what enters at `slot` leaves as the same weight, perhaps reshaped, cast or cut in pieces.
bool is_transparent(std::string_view op, std::uint32_t slot, std::uint32_t data_inputs);

// Element by element: the result of all-constant inputs is a constant like them, and a constant next to data
// may be a bias or a scale.
bool is_arithmetic(std::string_view op);
// Element by element with one input.
bool is_elementwise_unary(std::string_view op);
// Keeps the number of channels of its first input: activations, pools, normalisations, padding.
bool keeps_channels(std::string_view op);

// A call of a function or a functional loop or branch.
bool is_call(std::string_view op);
bool is_random(std::string_view op);

}  // namespace thaw::internal
