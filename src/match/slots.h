// Weights and slots: what a model offers and what a target wants, as plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

// A variable of the model, with its value.
struct Weight {
  std::string name;      // as the target should know it: after the user's rules and scopes
  std::string own_name;  // before them
  std::string node;      // the constant in the frozen graph
  DType dtype = DType::invalid;
  Shape shape;
  bool derived = false;  // folded numbers: no checkpoint of its author held them under this name
  bool renamed = false;  // by a rule of the user
  bool trainable = true;
};

// A variable of the target.
struct Slot {
  std::string name;               // what is matched
  std::vector<std::string> keys;  // under which a checkpoint holds it; at least one
  DType dtype = DType::invalid;
  Shape shape;                    // unknown dimensions fit anything
  std::optional<bool> trainable;  // where the target says so
  std::optional<Value> own;       // what the target holds now
  std::optional<Value> initial;   // what its initialiser gives
  bool random = false;            // its initialiser draws numbers
};

}  // namespace thaw::internal
