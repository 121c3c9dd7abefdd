// The node that stands for a loop or a cond.
#pragma once

#include <functional>

#include "passes/raise_constructs.h"

namespace thaw::internal {

// How inputs are written where the node stands.
struct CallTexts {
  std::function<std::string(const Edge& origin)> tensor;
  std::function<std::string(NodeId node)> wait;  // with its "^"
  Bytes of_constant;                             // behind the name of a constant: ":output:0" in functions
};

// The node last, what it takes before it.
std::vector<NodeDef> make_raised_call(const Construct& construct, const RaiseTensors& tensors,
                                      const CallTexts& texts);

}  // namespace thaw::internal
