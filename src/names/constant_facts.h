// What the naming of a variable looks at: one constant and its surroundings, as plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thaw::internal {

// An operation that takes the constant, and through which input.
struct ConstantUse {
  std::string op;
  int slot = 0;  // of data inputs, from 0
  std::string node_name;
};

struct ConstantFacts {
  std::string constant;              // the node's name
  std::vector<std::string> readers;  // Identity nodes behind it, through Identity, Enter, Switch and Merge
  // The first operations behind it that do more than pass it on, reshape it or cut it in pieces. Arithmetic
  // counts as doing more, also next to another constant: the addition of epsilon to a variance is what tells
  // the variance.
  std::vector<ConstantUse> uses;
  std::vector<std::int64_t> shape;
};

}  // namespace thaw::internal
