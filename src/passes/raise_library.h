// The functions that loops and conds are raised to, beside those that a graph has already.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "model/library.h"

namespace thaw::internal {

class RaiseLibrary {
 public:
  explicit RaiseLibrary(const Library& library) : library_(library) {}

  // Names it by its content behind the name that it has. No function is called twice: for a gradient
  // TensorFlow makes a function of the name and "_rewritten", which differs from call to call
  // (python/ops/cond_v2.py, while_v2.py).
  std::string add(FunctionDef function);
  // GraphDef.library and what stands beside it, with those functions that are named here.
  Recipe rest(const std::vector<std::string>& names) const;

 private:
  const Library& library_;
  std::vector<std::pair<std::string, Recipe>> functions_;  // as fields of the library
  std::unordered_set<std::string> names_;
};

}  // namespace thaw::internal
