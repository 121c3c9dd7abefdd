// The second draft of a plan: the graph as TensorFlow 2 runs it, without references, loops and branches in
// functional form.
#pragma once

#include <memory>

#include "export/meta_graph.h"
#include "model/carried_variables.h"
#include "model/library.h"
#include "passes/batch_training.h"
#include "passes/raise_control_flow.h"
#include "passes/resource_state.h"
#include "thaw/thaw.h"

namespace thaw::internal {

struct FunctionalGraph {
  std::shared_ptr<const Graph> graph;  // with the new functions in its library
  std::shared_ptr<const Library> library;
  // With BatchNorms::batch, where there is something to train: the same graph, whose batch norms take the
  // statistics of the batch. It has the library's functions, too.
  std::shared_ptr<const Graph> training;
  std::vector<StatisticUpdate> updates;  // of `training`
  MetaGraphParts parts;                  // names of what stands in it; no signatures yet
  Raised raised;
  bool differs = false;  // from the graph that sessions run
};

struct GraphWishes {
  const ThawOptions& options;
  std::string outer_scope;  // "scope/", or nothing
};

BatchTrainingOptions batch_training_options(const GraphWishes& wishes);

// From a draft in which constants have their places and names and variables are constants yet. `carried` may
// be null.
FunctionalGraph make_functional(Draft draft, Plan plan, const CarriedVariables* carried,
                                const GraphWishes& wishes);

// Adds the operation that makes a graph ready before it runs: it gives state that is in no checkpoint its
// first values, and fills tables (SavedModelLoader runs it, cc/saved_model/loader.cc). Its name; empty when
// there is nothing to be readied.
std::string add_main_op(Draft& draft, const std::vector<VariableNodes>& locals);

}  // namespace thaw::internal
