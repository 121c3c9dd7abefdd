// Edits of functions and of calls of them: further arguments, passed on through loops.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "messages/free_names.h"
#include "model/call_site.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// What a further argument is.
struct NewArgument {
  DType dtype = DType::invalid;
  Shape shape;
};

// Any text as arguments are called, [a-z][a-z0-9_]* (core/framework/op_def_builder.cc).
std::string argument_word(Bytes wanted);
// What arguments and results of a function may still be called.
class ArgumentNames {
 public:
  ArgumentNames() = default;
  explicit ArgumentNames(const FunctionDef& function);
  // Made from `wanted`; never the same again.
  std::string take(Bytes wanted);

 private:
  std::unordered_set<std::string> taken_;
  FreeNames free_names_;
};
// Puts an argument behind the others; gives its name, made from the last component of `wanted`.
std::string add_argument(FunctionDef& function, ArgumentNames& names, Bytes wanted,
                         const NewArgument& argument);
// Gives an argument back as the last result, as the body of a loop does with what stays the same.
void return_argument(FunctionDef& function, ArgumentNames& names, const std::string& name, DType dtype);
// A constant becomes an Identity of an argument, under its own name: whoever takes it still does.
void take_argument(FunctionDef& function, std::size_t node, const std::string& name, DType dtype);

// Drops what ties a function to twins and gradients of the same arguments.
void forget_twins(FunctionDef& function);
// What a changed function is called: made from its content, and no name of the library. TensorFlow keeps
// functions by name for a whole process and takes two definitions of one name for a mistake.
std::string content_name(const FunctionDef& function, const Library& library);

// Makes a call call functions of other names, one for each callee.
void rename_functions(NodeDef& node, const CallSite& site, const std::vector<std::string>& functions);

// Makes a call pass further inputs, to functions of other names, one for each callee.
void extend_call(NodeDef& node, const CallSite& site, const std::vector<std::string>& inputs,
                 const std::vector<NewArgument>& arguments, const std::vector<std::string>& functions);

}  // namespace thaw::internal
