// Mean and variance of a batch, as tf.nn.moments (python/ops/nn_impl.py) computes them: no gradient through
// the mean inside the variance, half precision in single.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "passes/scoped_nodes.h"

namespace thaw::internal {

struct Moments {
  std::string mean, variance;  // tensors
};

// Which axes of the data statistics of that shape are taken over; nothing when they do not fit.
std::optional<std::vector<std::int64_t>> axes_of_moments(const Shape& data, const Shape& statistic);

struct MomentsOf {
  std::string data;  // a tensor
  DType dtype = DType::float32;
  Shape shape;          // as far as it is known
  Shape moments_shape;  // of the moments, which are of the type `moments_dtype`
  DType moments_dtype = DType::float32;
};
// Throws bug where axes_of_moments gives nothing and the rank of the data is known.
Moments write_moments(ScopedNodes& nodes, const MomentsOf& of);

}  // namespace thaw::internal
