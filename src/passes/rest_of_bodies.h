// RestOfBodies: what stands behind the nodes of a graph whose functions have changed: of the library the old
// functions and the new ones that are still named.
#pragma once

#include <unordered_map>
#include <vector>

#include "passes/function_bodies.h"

namespace thaw::internal {

class RestOfBodies {
 public:
  RestOfBodies(const Library& library, const FunctionCalls& calls, const FunctionBodies& bodies);

  // A node of the graph as it is now, and all that its functions name.
  void keep(const NodeDef& node);
  // GraphDef.library and what stands beside it.
  Recipe run();

 private:
  void name(const NodeDef& node);
  void name(Bytes function);
  void follow();

  const Library& library_;
  const FunctionBodies& bodies_;
  std::unordered_map<std::string, std::size_t> new_names_;
  std::vector<bool> old_stays_, new_stays_;
  std::vector<const FunctionDef*> work_;
};

}  // namespace thaw::internal
