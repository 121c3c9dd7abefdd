// Partitioned variables: constants `W/part_0`, `W/part_1`, ... that were the slices of one variable W. A
// checkpoint has one entry for them (python/ops/partitioned_variables.py).
#pragma once

#include <string>
#include <vector>

#include "model/graph.h"
#include "thaw/plan.h"

namespace thaw::internal {

struct Partition {
  std::string name;           // W
  std::vector<NodeId> parts;  // in order
  std::vector<SlicePlace> places;
};

// Among the constants that are variables. Parts are joined when `W/ConcatPartitions` shows how, or when all
// are tables of lookups, which are cut along their rows; other parts stay variables of their own.
std::vector<Partition> find_partitions(const Graph& graph, const std::vector<Decision>& decisions);

}  // namespace thaw::internal
