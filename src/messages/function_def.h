// FunctionDef (core/framework/function.proto): 1 signature (an OpDef: 1 name, 2 input_arg, 3 output_arg;
// ArgDef: 1 name, 3 type), 3 node_def, 4 ret map<string, string>, 5 attr map<string, AttrValue>, 6
// control_ret, 7 arg_attr map<uint32, ArgAttrs>, 8 resource_arg_unique_id. Inputs of its nodes are written
// "argument", "node:output_arg:number" or "^node".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/node_def.h"
#include "thaw/tensor.h"

namespace thaw::internal {

struct FunctionArg {
  std::string name;
  DType type = DType::invalid;  // invalid: given by an attribute
  std::string message;          // the ArgDef
};

struct FunctionNode {
  NodeDef node;  // large tensors are ranges
  Recipe field;  // as it was read, tag and length included; empty once `node` has been changed
};

struct FunctionReturn {
  std::string name, value;
};

struct FunctionDef {
  std::string name;
  std::vector<FunctionArg> inputs, outputs;
  std::string signature_rest;  // whole fields of the OpDef
  bool is_generic = false;     // the OpDef has type attributes
  std::vector<FunctionNode> nodes;
  std::vector<FunctionReturn> returns;
  std::vector<NodeAttr> attrs;
  std::string rest;  // whole fields

  // What a return stands for: "node:output_arg:number" or an argument.
  const std::string* find_return(Bytes output) const;
};

// Fields of the OpDef.
void decode_signature(Bytes op_def, FunctionDef& function);
FunctionArg make_argument(std::string name, DType type);
// An argument that is the handle of a variable, with what stands behind it: OpDef.ArgDef.handle_data (7), a
// ResourceHandleProto.DtypeAndShape (1 dtype, 2 shape).
FunctionArg make_handle_argument(std::string name, DType element, Bytes encoded_shape);
// arg_attr with the shape of argument `index`, as TensorFlow's importer reads it
// (python/framework/function_def_to_graph.py).
std::string encode_argument_shape(std::size_t index, Bytes encoded_shape);

// Field 1 of a FunctionDefLibrary, tag and length included.
Recipe encode_function(const FunctionDef& function);

// An input of a node of a function, as its parts: "a" (argument, or output 0 of a legacy function's node),
// "a:out:2", "^a".
struct FunctionInput {
  Bytes node;
  Bytes output;  // empty for arguments
  std::uint32_t number = 0;
  bool is_control = false;
};
FunctionInput parse_function_input(Bytes input);

}  // namespace thaw::internal
