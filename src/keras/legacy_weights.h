// The older layout of Keras' weights, which every version loads
// (keras/src/legacy/saving/legacy_h5_format.py).
//
//   /                  layer_names: texts, backend: text, keras_version: text
//   /<layer>           weight_names: texts, below it the datasets of these names: /dense/dense/kernel:0
//
// Layers are loaded by their order, or with by_name=True by their names; weights by their order.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keras/h5_writer.h"

namespace thaw::internal {

struct LegacyWeights {
  Recipe file;
  std::vector<std::string> paths;  // of the datasets, one a weight
};

// By their names ("dense/kernel"), in the order of model.weights. Throws usage for names outside of any
// layer.
LegacyWeights write_legacy_weights(const std::vector<std::pair<std::string, Value>>& weights);

}  // namespace thaw::internal
