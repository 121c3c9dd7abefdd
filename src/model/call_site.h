// CallSite: a node that calls functions of the library with its own inputs as their arguments.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/library.h"

namespace thaw::internal {

enum class CallKind : std::uint8_t {
  call,    // PartitionedCall, StatefulPartitionedCall, or the function's own name as the operation
  branch,  // If, Case: input 0 chooses, the others are the arguments of each function
  loop,    // While: the body's results are the arguments of the next round; the condition takes the same
};

struct Callee {
  std::string attr;      // "f", "then_branch", "branches", "body", "cond"; empty for the operation itself
  std::size_t function;  // in the library
};

struct CallSite {
  CallKind kind = CallKind::call;
  std::uint32_t first_argument = 0;
  std::uint32_t arguments = 0;
  std::string types;            // the attribute that holds their types; empty when there is none
  std::vector<Callee> callees;  // of a loop: body, condition
};

// Nothing for other operations, and where the functions are missing, generic, or of other arguments: what
// such a node does is not looked at (core/ops/functional_ops.cc).
std::optional<CallSite> find_call_site(const NodeDef& node, const Library& library);

// Whether it is worth asking: operations that may call.
bool may_call(Bytes op, const Library& library);

// Everything a node refers to, whatever for: the library's functions that it names.
std::vector<std::size_t> named_functions(const NodeDef& node, const Library& library);

}  // namespace thaw::internal
