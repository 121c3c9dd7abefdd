// A model's weights for a transplant: names, values, and what the model could not tell.
#pragma once

#include "match/named_cells.h"
#include "model/model.h"
#include "thaw/transplant.h"

namespace thaw::internal {

// A recurrent cell, by indices of `weights`.
struct ModelCell {
  NamedCell named;
  CellFacts facts;
};

struct ModelWeights {
  std::vector<Weight> weights;                      // in the graph's order
  std::vector<Value> values;                        // of each
  std::vector<std::vector<std::string>> constants;  // of each: those it is made of, several when partitioned
  std::vector<ModelCell> cells;
  std::vector<std::string> unfrozen;
};

// Partitioned variables are joined. Throws no_weights when nothing is found, usage for options that name
// nothing.
ModelWeights find_model_weights(const Model& model, const TransplantOptions& options);

}  // namespace thaw::internal
