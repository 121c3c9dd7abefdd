// What a constant's numbers look like: learned, or written into a program (N9).
#pragma once

#include "thaw/tensor.h"

namespace thaw::internal {

struct ValueTraits {
  bool all_equal = false;
  double first = 0;
  // An identity or one-hot matrix, evenly spaced numbers, or the well-known tables of image pipelines.
  bool program_constant = false;
  bool looks_learned = false;  // several distinct finite numbers
};

// Floats only. Reads at most the first 16,384 elements.
ValueTraits look_at_values(const Value& value);

}  // namespace thaw::internal
