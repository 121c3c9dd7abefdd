// Weights and slots: what a model offers and what a target wants, as plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

// How a recurrent cell lays out its weights (match/named_cells.h): numbers of one are nonsense in the other.
enum class CellLayout : std::uint8_t { none, joined, split };

// What was done to a value on its way from the model's layout to the target's; an empty `rule` is nothing.
struct LayoutChange {
  std::string rule;       // "T1" (docs/rules.md)
  std::string what;       // "gates i, j, f, o as i, f, j, o"
  std::string cell = {};  // the scope of its cell in the model: only as a whole can it have another name
};

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
  CellLayout cell = CellLayout::none;
  LayoutChange layout = {};              // of the value, which is not the model's own
  std::vector<std::string> joined = {};  // own names of others that are in the value
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
  CellLayout cell = CellLayout::none;
  std::vector<std::size_t> axes = {};  // of the model's value, in this order; empty: as they are
  LayoutChange layout = {};            // what that is
};

}  // namespace thaw::internal
