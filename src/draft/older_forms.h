// Older forms of nodes: operations that do exactly the same under the name that they had in earlier releases,
// and attributes at their defaults, which need not be said.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "messages/node_def.h"
#include "ops/op_history.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// What is known of a node's surroundings.
struct NodeFacts {
  std::function<bool(std::uint32_t output)> is_taken;     // whether anything takes that output
  std::function<Shape(std::uint32_t input)> input_shape;  // unknown where it is not known
};

struct OlderStep {
  const char* rule;  // Q1 an attribute, Q2 the operation
  std::string what;
};

// Makes of a node what `release` knows, as far as that is the same; what was done.
std::vector<OlderStep> take_older_form(NodeDef& node, const TensorFlowRelease& release,
                                       const NodeFacts& facts);
// Why `release` would refuse a node; empty when it would not.
std::string reason_to_refuse(const NodeDef& node, const TensorFlowRelease& release);
// Whether an attribute of that operation is what it is when it is left out. Both are encoded AttrValues.
bool is_default_attr(Bytes op, Bytes key, Bytes value);
// Whether `older` may stand for `op`, under whatever conditions.
bool is_older_form(Bytes op, Bytes older);

}  // namespace thaw::internal
