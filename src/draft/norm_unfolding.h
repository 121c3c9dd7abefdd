// A bias that a batch norm was folded into, made a batch norm again: gamma is 1, the moving mean 0, the
// moving variance and epsilon add up to 1, and the bias is beta, so that every number stays what it is.
#pragma once

#include <string>
#include <vector>

#include "messages/node_def.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// Where the bias is added, and to what.
struct FoldedNorm {
  NodeDef biased;  // BiasAdd, Add or AddV2
  std::size_t data_slot = 0, bias_slot = 1;
  DType dtype = DType::float32;
  std::int64_t channels = 0;
  bool is_image = false;  // four dimensions, which FusedBatchNorm takes
};

struct NormUnfolding {
  NodeDef norm;                // under the name of the biased node
  std::vector<NodeDef> added;  // constants gamma, moving_mean and moving_variance with their reads first
};

// Both numbers are exact in every type, and their sum is 1.
inline constexpr double kUnfoldedEpsilon = 1.0 / 1024;
inline constexpr double kUnfoldedVariance = 1 - kUnfoldedEpsilon;

// `scope` is that of the norm's variables.
NormUnfolding unfold_norm(const FoldedNorm& folded, const std::string& scope);

}  // namespace thaw::internal
