// The functions that loops and conds are raised to, beside those that a graph has already.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "model/library.h"

namespace thaw::internal {

class RaiseLibrary {
 public:
  explicit RaiseLibrary(const Library& library) : library_(library) {}

  // Names it by its content behind the name that it has; the same function is kept once.
  std::string add(FunctionDef function);
  // GraphDef.library and what stands beside it, with those functions that are named here.
  Recipe rest(const Graph& graph, const std::vector<std::string>& names) const;

 private:
  const Library& library_;
  std::vector<std::pair<std::string, Recipe>> functions_;  // as fields of the library
  std::unordered_map<std::string, std::size_t> by_name_;
};

}  // namespace thaw::internal
