// The weights of Keras layers, told by how the layer's own operations read them: the path of the read below
// the layer's scope, the operation that takes the value, and what else the layer owns. The rows are in
// weight_rows.h.
#pragma once

#include <span>
#include <string>

#include "names/constant_facts.h"
#include "names/read_path.h"
#include "names/weight_rows.h"
#include "thaw/source.h"

namespace thaw::internal {

struct LayerWeight {
  const ConstantFacts* facts = nullptr;
  ReadPath path;
  std::size_t layer_size = 0;  // how many components of the path are the layer's scope
  Bytes role = {};             // "kernel", "moving_mean"; empty when no row fits
  bool fused_cell = false;     // a recurrent layer that reads for its cell: the cell's scope is missing
};

// Fills in layer_size, role and fused_cell of all weights of a graph, and tells the graph's flavour. A role
// that two weights of one layer would share is given to neither. A weight without a role belongs to the
// longest known layer that its path lies in.
KerasFlavour recognise_layers(std::span<LayerWeight> weights);

// The scope of the layer, as the graph has it.
std::string layer_scope(const LayerWeight& weight);

}  // namespace thaw::internal
