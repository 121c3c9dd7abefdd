// The scope in which a weight is read. TensorFlow 2 freezes the handle of a variable, and the handle has no
// name of its own: what is left is the path of the operation that read it, in the constant's name or in that
// of an Identity behind it (tensorflow/python/framework/convert_to_constants.py).
//
//   <path>/ReadVariableOp/resource     a live model, frozen
//   <path>/ReadVariableOp              the same with the read folded into the constant
//   <path>/embedding_lookup/44130      a table that is read by its lookup; the number changes from run to run
//   unknown, unknown_7                 the signature of a SavedModel; the path is in a reader
//   statefulpartitionedcall_args_3     the same, older
//   <path>/while/input_4               a weight that only a loop or a branch reads; the same
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "names/constant_facts.h"
#include "thaw/source.h"

namespace thaw::internal {

struct ReadPath {
  // Without the read itself, calls of functions, and the doubled prefix of loop bodies.
  std::vector<std::string> components;
  int index = 0;            // k of ReadVariableOp_k
  bool in_own_name = true;  // otherwise a reader or a lookup told
  bool is_lookup = false;
};

// Nothing when the constant has a name of its own, or no read betrays where it belongs.
std::optional<ReadPath> find_read_path(const ConstantFacts& facts);

// X of `X/read/_2__cf__2`: the Graph Transform Tool folded the read of X and kept its name inside the new
// one.
std::optional<Bytes> folded_variable(Bytes constant);

// The number behind the last '_' of "dense_12", or nothing; `base`, when given, gets what is before it.
std::optional<int> trailing_number(Bytes component, Bytes* base = nullptr);
// "dense" of "dense_12"; anything else as it is.
Bytes without_number(Bytes component);

}  // namespace thaw::internal
