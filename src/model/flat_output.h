// Outputs of nodes by number, as graphs name them, for those that functions name by output argument.
#pragma once

#include "messages/function_def.h"
#include "model/library.h"

namespace thaw::internal {

// "output:1" of a node as the number of its output. A node whose operation is a function of the library has
// that function's outputs; of operations that nobody knows the number stands as it is.
std::uint32_t flat_output(const NodeDef& node, const FunctionInput& input, const Library& library);

// The other way: "name", "name:output_arg:k" for output `number` of a node, as nodes of functions take it.
// Nothing for operations that nobody knows and numbers that they do not have.
std::optional<std::string> named_output(const NodeDef& node, std::uint32_t number);

}  // namespace thaw::internal
