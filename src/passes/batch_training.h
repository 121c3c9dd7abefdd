// Batch normalisation that trains: a switch chooses between the statistics of the batch and the moving ones,
// and operations move these. While the switch is off, which it is by default, the graph computes what it did.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "draft/contexts.h"
#include "passes/variable_nodes.h"

namespace thaw::internal {

// An operation that moves a statistic, and the node whose data it moves towards.
struct StatisticUpdate {
  std::string op, norm;
};

struct BatchTraining {
  std::string training;  // the switch, a tensor; empty when there is none
  std::vector<StatisticUpdate> updates;
  std::size_t fused = 0, arithmetic = 0;
  // Nodes that were left as they are, and why.
  std::vector<std::pair<std::string, std::string>> left;
};

struct BatchTrainingOptions {
  double momentum = 0.99;
  std::string scope;    // what the switch is put below: empty, or it ends in a slash
  bool always = false;  // no switch: the graph trains, and serves for nothing else
};

// Both branches are computed, and a Select takes one: conds of TensorFlow 1 would need contexts, and those of
// TensorFlow 2 functions, where this has a gradient everywhere. `contexts` is null in a graph without loops
// and branches.
BatchTraining train_batch_norms(Draft& draft, const Plan& plan, const std::vector<VariableNodes>& variables,
                                const Contexts* contexts, const BatchTrainingOptions& options);

}  // namespace thaw::internal
