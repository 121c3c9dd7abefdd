// TensorFact: what is known of a tensor before anything runs.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

// An element of a small tensor of integers; nothing when it depends on what is fed.
using Number = std::optional<std::int64_t>;
using Numbers = std::vector<Number>;
// Tensors above this are never shapes, axes or sizes.
inline constexpr std::size_t kMostNumbers = 256;

// What stands behind a handle: a variable, or the elements of a TensorArray.
struct HandleFact {
  std::int64_t size = -1;  // of a TensorArray that does not grow
  Shape shape = Shape::of_unknown_rank();
};

// Numbers are there only with a fully defined shape of so many elements; row-major.
struct TensorFact {
  Shape shape = Shape::of_unknown_rank();
  std::optional<Numbers> numbers;
  std::shared_ptr<const HandleFact> handle;
};

}  // namespace thaw::internal
