// Operations on quantized tensors, each with the operation on floats that it stands for. A quantized tensor
// is three outputs: numbers of few bits, and the floats that the lowest and the highest number mean. Rows of
// a table (core/ops/math_ops.cc, nn_ops.cc, array_ops.cc).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace thaw::internal {

enum class QuantizedKind : std::uint8_t {
  computes,     // as its float operation does, which takes what is left of the inputs without ranges
  quantizes,    // floats become a quantized tensor
  requantizes,  // a quantized tensor gets another range
  dequantizes,  // a quantized tensor becomes floats
  measures,     // outputs are the two ends of a range
};

struct QuantizedOp {
  std::string_view op;
  QuantizedKind kind;
  std::string_view float_op;
  std::uint32_t tensors;   // bit mask of the inputs that are quantized tensors
  std::uint32_t ranges;    // of those that are ends of ranges
  std::string_view attrs;  // that the float operation has, too, under the same name, one space between two
};

// The row of an operation, or null. QuantizedConcat has as many tensors and ranges as its attribute N says:
// `tensors` and `ranges` of it are empty.
const QuantizedOp* find_quantized_op(std::string_view op);

// Whether it is an operation that ranges are measured with, and nothing else where nothing takes it any more.
bool measures_ranges(std::string_view op);

// Whether it takes or gives quantized tensors, known here or not.
bool is_quantized_op(std::string_view op);

}  // namespace thaw::internal
