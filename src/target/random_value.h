// Random numbers as a value that is drawn while it is read, the same at every reading.
#pragma once

#include <cstdint>

#include "thaw/tensor.h"

namespace thaw::internal {

enum class Distribution : std::uint8_t { uniform, normal, truncated };

struct Draw {
  Distribution distribution = Distribution::uniform;
  double scale = 1, offset = 0;  // of the numbers from [0, 1) or around 0 with deviation 1
  std::uint64_t seed = 0;
};

// float32 or float64. Not TensorFlow's own generator: of its distribution, not its numbers.
Value random_value(DType dtype, Shape shape, const Draw& draw);

}  // namespace thaw::internal
