// What goes into a graph and what comes out, and why that is thought.
#pragma once

#include "model/model.h"
#include "thaw/inspected.h"

namespace thaw::internal {

struct GraphEndpoints {
  std::vector<InspectedTensor> inputs, outputs;
  std::vector<InspectedSignature> signatures;  // sorted by name
  std::vector<std::string> warnings;
};

// By the signature serving_default, else the first one by name, else by the graph: its placeholders, and what
// no other node takes. Shapes follow from the placeholders' where nothing says them.
GraphEndpoints find_endpoints(const Model& model);

}  // namespace thaw::internal
