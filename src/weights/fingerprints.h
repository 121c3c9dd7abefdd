// Marks that tools leave on a whole graph; the reach of several rules depends on them.
#pragma once

#include "model/graph.h"

namespace thaw::internal {

struct Fingerprints {
  // Grappler, the graph transform tool or the tfjs converter rewrote constants.
  bool optimized = false;
  // Of these, grappler: it writes one value where all are equal. Runtime folding ("__cf__") does not.
  bool compressed = false;
  // Some variable still shows its read: a bare constant was then hardly a variable.
  bool proven_reads = false;
  bool devices_tell = false;  // variables shown by their reads have no device
};

// `proven` are constants with E1 or E2.
Fingerprints take_fingerprints(const Graph& graph, const std::vector<NodeId>& proven);

// A name by which folding leaves its mark on this constant or on the operation that takes it (design: derived
// weights):
// `*_bn_offset`, `*/merged_input`, `*/Scaled`, a Conv2D called `*/Mul`, a BiasAdd called like a batch
// normalisation.
bool is_folded(const Graph& graph, NodeId constant);

}  // namespace thaw::internal
