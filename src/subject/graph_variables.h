// The variables of a graph and where a checkpoint keeps their values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/model.h"
#include "subject/stored_set.h"
#include "thaw/checkpoint.h"

namespace thaw::internal {

struct GraphVariable {
  NodeId node = kNoNode;          // VarHandleOp, VariableV2 or Variable
  std::string name;               // the node's
  std::vector<std::string> keys;  // in a checkpoint; empty when nothing tells where it is saved
  DType dtype = DType::invalid;
  Shape shape;                      // as its node declares it
  std::optional<bool> trainable;    // nothing when the graph does not say
  std::string object_name;          // what the object is called that holds it; empty when none is known
  bool local = false;               // of the collection local_variables: in no checkpoint
  std::optional<SlicePlace> place;  // of a part of a partitioned variable, whose key is that of the whole
};

// In the order of the graph. Keys are told, first that applies, by the graph's own SaveV2 and RestoreV2
// nodes, by the restoring functions of TensorFlow 2 (python/saved_model/save.py), by the names in an object
// checkpoint, by the node's or shared name being a key. `values` may be null.
std::vector<GraphVariable> graph_variables(const Model& model, const StoredSet* values);

// The value of a variable, a part cut out of the whole. Throws missing_values, naming the variable, when
// `values` has no such key, malformed when type or shape differ from what the graph declares.
Value variable_value(const GraphVariable& variable, StoredSet& values);

}  // namespace thaw::internal
