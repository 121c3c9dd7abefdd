// Edits of functions and of calls of them: further arguments, passed on through loops.
#pragma once

#include <string>
#include <vector>

#include "model/call_site.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// What a further argument is.
struct NewArgument {
  DType dtype = DType::invalid;
  Shape shape;
};

// Puts an argument behind the others; gives its name, made from `wanted`.
std::string add_argument(FunctionDef& function, Bytes wanted, const NewArgument& argument);
// Gives an argument back as the last result, as the body of a loop does with what stays the same.
void return_argument(FunctionDef& function, const std::string& name, DType dtype);
// A constant becomes an Identity of an argument, under its own name: whoever takes it still does.
void take_argument(FunctionDef& function, std::size_t node, const std::string& name, DType dtype);

// Makes a call pass further inputs, to functions of other names, one for each callee.
void extend_call(NodeDef& node, const CallSite& site, const std::vector<std::string>& inputs,
                 const std::vector<NewArgument>& arguments, const std::vector<std::string>& functions);

}  // namespace thaw::internal
