// The weights of a graph, frozen or still variables, as a report shows them; what thawing would refuse is no
// reason not to look.
#pragma once

#include <optional>

#include "model/call_view.h"
#include "model/model.h"
#include "subject/stored_set.h"
#include "thaw/inspected.h"

namespace thaw::internal {

struct GraphWeights {
  CallView view;
  std::vector<InspectedWeight> weights;      // sorted by name
  std::vector<std::optional<Value>> values;  // of each
  std::vector<NodeId> trained;               // in the view
  std::size_t kept_count = 0;
  std::vector<ReportedConstant> unsure;
  std::optional<ReportedControlFlow> control_flow;
  std::optional<InspectedRefusal> refusal;
  std::vector<std::string> warnings;
};

// `stored` may be null. Values of the graph stay in its source.
GraphWeights find_graph_weights(const Model& model, const Library& library, StoredSet* stored);

}  // namespace thaw::internal
