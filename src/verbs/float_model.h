// A model whose weights are stored in few bits, as one that computes with floats: what is thawed.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"
#include "weights/compact_weights.h"
#include "weights/quantized_parts.h"

namespace thaw::internal {

struct FloatModelWishes {
  const std::vector<std::string>& thaw;
  const std::vector<std::string>& keep;
  bool float_ops = false;  // parts that compute with few bits, too
};

// Only what becomes a variable, or may be one, is changed; the model itself where that is nothing. Functions
// stay as they are.
Model float_model(Model model, const FloatModelWishes& wishes);

// What was changed in the file's graph. Throws bug where the model's graph is not that, and nothing else.
void prove_float_model(const Model& model);

}  // namespace thaw::internal
