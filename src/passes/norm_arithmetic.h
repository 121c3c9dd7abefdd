// Batch normalisation that is written out: x * (gamma / sqrt(variance + epsilon)) + (beta - mean * ...), as
// tf.nn.batch_normalization (python/ops/nn_impl.py) writes it, (x - mean) / sqrt(variance + epsilon), and
// BatchNormWithGlobalNormalization.
#pragma once

#include <string>
#include <vector>

#include "passes/variable_trace.h"
#include "thaw/plan.h"

namespace thaw::internal {

struct NormArithmetic {
  NodeId node = kNoNode;  // adds the epsilon
  Edge data;              // what is normalised
  Edge mean, variance;    // as consumers: who takes the statistic, and in which slot
  std::size_t mean_variable = 0, variance_variable = 0;
};

struct NormsOfArithmetic {
  std::vector<NormArithmetic> norms;
  std::vector<std::pair<NodeId, std::string>> unclear;  // nodes, and why they are none of these
};

// `roles`: of each of the variables.
NormsOfArithmetic find_norm_arithmetic(const Draft& draft, const VariableTrace& trace,
                                       const std::vector<Role>& roles);

}  // namespace thaw::internal
