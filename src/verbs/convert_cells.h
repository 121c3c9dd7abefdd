// Recurrent cells of TensorFlow 1 for targets that have Keras' cells: the same numbers in another layout.
#pragma once

#include "match/slots.h"
#include "verbs/model_weights.h"

namespace thaw::internal {

// Where the model's graph shows the cell and the target names one of the same kind and size, the cell's
// weights in `model` become those of Keras. Where either is not certain they stay, marked as of another
// layout, and a sentence says so. Marks `slots`.
std::vector<std::string> convert_cells(ModelWeights& model, std::vector<Slot>& slots);

}  // namespace thaw::internal
