// The nodes that make up a variable, by the names VariableDef (core/framework/variable.proto) gives them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "thaw/plan.h"

namespace thaw::internal {

struct VariableNodes {
  std::string name;           // the variable's node
  std::string key;            // in the checkpoint; empty for a local variable
  std::string initializer;    // operation: X/Assign
  std::string snapshot;       // tensor: X/Read/ReadVariableOp:0
  std::string initial_value;  // tensor; empty when there is none
  DType dtype = DType::float32;
  bool is_resource = true;
  bool trainable = true;
  std::optional<SlicePlace> slice;
  std::vector<std::string> twin_keys;  // further keys for the same values
};

}  // namespace thaw::internal
