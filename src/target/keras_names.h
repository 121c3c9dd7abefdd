// Names of the variables in a Keras file, as frozen graphs lead to them: layers by their own names, weights
// by their roles.
//
//   .weights.h5   layers/<class>_k/vars/<i>        and the layer's name as a text of `vars`:
//                 layers/bidirectional/forward_layer/cell/vars/0 bidirectional/forward_lstm/lstm_cell/kernel
//   .h5           <layer>/<variable>               dense/dense/kernel:0    dense/kernel
//   optimizers    optimizer/vars/<i>, optimizer_weights/adam/<variable>    Adam/<i>/m
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "keras/h5_file.h"

namespace thaw::internal {

// State of an optimiser whose beginnings are not known stays as it is, as whatever else a file holds.
enum class KerasPart : std::uint8_t { weight, optimizer, unknown_optimizer, other };

struct KerasName {
  std::string name;  // what is matched
  KerasPart part = KerasPart::weight;
};

// Of each dataset. Throws unsupported for a file that Keras has not written.
std::vector<KerasName> keras_names(const H5File& file);

// Otherwise names are only the places of layers among those of their class.
bool tells_layer_names(const H5File& file);

// Whether it is the older layout, whose groups tell their weights' names.
bool is_legacy_keras(const H5File& file);

}  // namespace thaw::internal
