// Uses: where a constant's value goes, followed through operations that only pass it on and through
// arithmetic among constants, up to the first operation that means something.
#pragma once

#include <vector>

#include "model/graph.h"
#include "ops/op_slots.h"
#include "ops/weight_slots.h"
#include "weights/data_flow.h"

namespace thaw::internal {

enum class UseKind : std::uint8_t {
  weight,      // a slot that weights fill, next to data
  arithmetic,  // an elementwise operand next to data
  structural,  // a shape, axis, size: a number of the program
  dead,        // a slot that an attribute switches off
  call,        // an argument of a function
  other,
};

struct Use {
  NodeId node = kNoNode;
  std::uint32_t slot = 0;
  UseKind kind = UseKind::other;
  Part part = Part::kernel;     // of weight uses
  NodeId data = kNoNode;        // who feeds the data next to it, of weight and arithmetic uses
  bool through_region = false;  // arithmetic among constants lies between
  bool stops_gradient = false;
};

// At most 4096 nodes are visited: a constant used more widely than that is known by the first of its uses.
std::vector<Use> find_uses(const Graph& graph, const DataFlow& flow, NodeId constant);

// The constant behind output 0 of a node, through operations that pass it on; kNoNode when there is none.
NodeId constant_behind(const Graph& graph, NodeId id);

}  // namespace thaw::internal
