// What of a model with variables is worth thawing: what its signatures compute, or, where it has none, what
// its graph computes from its inputs. Savers, initialisers, and what only trained it are left out.
#pragma once

#include <string>
#include <vector>

#include "model/library.h"
#include "model/model.h"

namespace thaw::internal {

struct ModelOutputs {
  std::vector<std::string> names;        // tensors, and operations that fill tables
  std::vector<NamedMessage> signatures;  // those that are complete, as they are in the file
  std::vector<std::string> fillers;      // operations that fill tables, all of them among the names
  std::vector<std::string> warnings;     // signatures that are not complete
};

// `outputs`, else those of `signature`, else of every complete signature, else of the graph. A signature is
// complete when all that its outputs need is fed by its inputs: TensorFlow 2 loads no other
// (python/saved_model/load_v1_in_v2.py). Throws usage for a name that is none, and where nothing is found.
ModelOutputs find_model_outputs(const Model& model, const Library& library,
                                const std::vector<std::string>& outputs, const std::string& signature);

}  // namespace thaw::internal
