// The variables of a graph as slots: names and shapes from their nodes, keys from the Saver's own nodes,
// values from their initialisers.
#pragma once

#include "match/slots.h"
#include "model/model.h"

namespace thaw::internal {

// In the order in which the graph declares them. The parts of a partitioned variable are one slot. Throws
// unsupported for a graph without variables.
std::vector<Slot> graph_slots(const Model& model, std::optional<std::uint64_t> seed);

}  // namespace thaw::internal
