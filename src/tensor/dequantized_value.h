// A quantized tensor as floats, bit for bit as TensorFlow's operation Dequantize computes them on a CPU
// (core/kernels/dequantize_op.cc, quantization_utils.h). With T the stored type and every operation rounded
// to single precision:
//   MIN_COMBINED  (q + half) * ((max - min) / (T's highest - T's lowest)) + min; half: 2^(bits - 1) of signed
//                 types, else 0
//   MIN_FIRST     (round(min / scale) * scale - T's lowest * scale) + q * scale; scale: (max - min) divided
//                 by 2^bits - 1 in double precision; where min == max, min stands for the rounded one
//   SCALED        q * max / T's highest; of signed types with the larger of that and min / T's lowest, or
//                 lowest + 1 with narrow_range. With one range, a qint32 that is 2^31 as a float counts as
//                 -2^31
// Denormal numbers are zeros, on the way in and out.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

enum class DequantizeMode : std::uint8_t { min_combined, min_first, scaled };
std::optional<DequantizeMode> dequantize_mode(std::string_view name);

struct Dequantization {
  DequantizeMode mode = DequantizeMode::min_combined;
  bool narrow_range = false;
  DType result = DType::float32;  // or bfloat16: rounded to the nearest, to even
  std::int64_t axis = -1;         // that lows and highs are along; -1: there is one of each
  std::vector<float> lows, highs;
};

// quint8, qint8, quint16, qint16 and qint32.
bool can_dequantize(DType stored);

// Whether TensorFlow's kernel takes this for a tensor of the shape.
bool fits(const Dequantization& by, DType stored, const Shape& shape);
Value dequantized_value(Value stored, const Dequantization& by);

}  // namespace thaw::internal
