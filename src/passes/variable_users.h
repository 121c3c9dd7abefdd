// What operations do with a variable that they take, rows of a table (core/ops/resource_variable_ops.cc,
// state_ops.cc, control_flow_ops.cc).
#pragma once

#include <cstdint>
#include <string_view>

#include "thaw/source.h"

namespace thaw::internal {

enum class VariableUse : std::uint8_t {
  pass,       // the only input is the only output
  choose,     // Switch, _SwitchN: input 0 leaves at any output
  merge,      // any input leaves at output 0
  pass_each,  // input k is output k
  read,       // ReadVariableOp
  gather,     // ResourceGather
  gather_nd,  // ResourceGatherNd
  shape,      // VariableShape
  is_set,     // VarIsInitializedOp, IsVariableInitialized
  call,       // a function's argument
  change,     // whatever writes it
  value,      // a plain input: takes a reference variable for its value
  other,      // not known
};

// Of an operation whose data input `slot` is a variable: a resource, or a reference when `is_ref`.
VariableUse use_of_variable(Bytes op, std::uint32_t slot, bool is_ref);

// Whether an operation writes a variable that it takes, whatever else it does.
bool changes_variables(Bytes op);

// Whether what enters at `slot` leaves as it came at `output`; of calls it is not known here.
bool passes_on(VariableUse use, std::uint32_t slot, std::uint32_t output);

}  // namespace thaw::internal
