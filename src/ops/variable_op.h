// The operations that hold a variable (core/ops/state_ops.cc, resource_variable_ops.cc).
#pragma once

#include <string_view>

namespace thaw::internal {

inline bool is_variable_op(std::string_view op) {
  return op == "VarHandleOp" || op == "VariableV2" || op == "Variable";
}

}  // namespace thaw::internal
