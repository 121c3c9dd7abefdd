// A call written out: the nodes of its function below the name of the call, which itself becomes an IdentityN
// of the results, so that all who take it go on taking it. The same operations on the same values:
// TensorFlow's own inliner does this when a graph runs (core/common_runtime/inline_function_utils.cc).
#pragma once

#include <string>
#include <vector>

#include "model/call_site.h"

namespace thaw::internal {

// Where a call stands.
struct CallPlace {
  bool in_function = false;  // a function's node, which takes "node:output_arg:k"; a graph's takes "node:k"
  bool has_control_flow = false;  // Switches or frames stand beside it: what is dead must stay dead
};

struct CallExpansion {
  std::vector<NodeDef> added;
  NodeDef result;  // in place of the call
};

// Why a call of that function cannot be written out; empty when it can.
std::string reason_to_keep(const NodeDef& call, const CallSite& site, const FunctionDef& function);

// Throws malformed for inputs that the function does not have. `library` knows what the function's nodes
// call.
CallExpansion expand_call(const NodeDef& call, const FunctionDef& function, const CallPlace& place,
                          const Library& library);

}  // namespace thaw::internal
