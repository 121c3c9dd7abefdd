// How far apart two values are.
#pragma once

#include <functional>
#include <optional>

#include "thaw/graph_difference.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// Asked and told while values are read.
struct ValueWatch {
  std::function<bool()> stop;                // true ends in Error interrupted
  std::function<void(std::uint64_t)> bytes;  // so many more were compared
};

struct ElementWishes {
  std::optional<double> tolerance;  // elements differ when |a - b| is more; NaN is equal by bits alone
  ValueWatch watch;
  // All elements from here on repeat the one before, on both sides: they need not be read.
  std::uint64_t repeated_from = static_cast<std::uint64_t>(-1);
};

// Of one dtype and shape. Without a tolerance elements differ when their bits do. Throws what reading them
// throws.
ValueDelta compare_elements(const Value& a, const Value& b, const ElementWishes& wishes = {});

inline bool is_same(const ValueDelta& delta) { return delta.changed == 0; }

}  // namespace thaw::internal
