// find_weights: a decision for every constant of a graph, each with its reasons.
#pragma once

#include <vector>

#include "model/carried_variables.h"
#include "model/graph.h"
#include "model/stored_form.h"
#include "names/pattern.h"
#include "thaw/plan.h"

namespace thaw::internal {

// The user's word, which overrules all evidence.
struct WeightRules {
  PatternSet* thaw = nullptr;                 // constants that are variables
  PatternSet* keep = nullptr;                 // constants that stay
  PatternSet* non_trainable = nullptr;        // variables that are not trained
  const StoredForm* stored = nullptr;         // what a tool has put into few bits it took for weights
  const CarriedVariables* carried = nullptr;  // what the file says itself
};

// In the graph's order. Throws malformed, naming the node, for a constant that cannot be read, and usage for
// one that cannot be a variable although the user wants it.
std::vector<Decision> find_weights(const Graph& graph, const WeightRules& rules);

}  // namespace thaw::internal
