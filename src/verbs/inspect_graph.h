// One graph of a file, seen from all sides.
#pragma once

#include "model/model.h"
#include "subject/stored_set.h"
#include "thaw/inspect.h"
#include "verbs/name_filter.h"

namespace thaw::internal {

struct GraphInspection {
  InspectedGraph graph;
  std::vector<std::optional<Value>> values;  // of graph.weights
};

// `stored` may be null.
GraphInspection inspect_graph(const Model& model, StoredSet* stored, const InspectOptions& options,
                              NameFilter& filter);

}  // namespace thaw::internal
