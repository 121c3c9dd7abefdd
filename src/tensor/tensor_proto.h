// TensorProto (core/framework/tensor.proto) as a Value, in every encoding TensorFlow reads
// (Tensor::FromProto, core/framework/tensor.cc):
//   1 dtype, 2 tensor_shape, 4 tensor_content; 5 float_val, 6 double_val, 7 int_val, 8 string_val, 9
//   scomplex_val, 10 int64_val, 11 bool_val, 12 dcomplex_val, 13 half_val, 16 uint32_val, 17 uint64_val, 18
//   float8_val.
// A tensor_content that is not empty is used alone and must have exactly the tensor's size. Else the dtype's
// list: no item means zeros, fewer than the shape asks for repeat the last, more are ignored. Lists may be
// packed, unpacked, or both by turns.
#pragma once

#include "io/recipe.h"
#include "io/window.h"
#include "thaw/tensor.h"

namespace thaw::internal {

enum class Encoding : std::uint8_t {
  content,     // tensor_content
  full_list,   // as many items as elements
  short_list,  // fewer, the last repeated; also no item at all
};

struct TensorProto {
  Value value;
  Encoding encoding;
  std::uint64_t items = 0;  // of a short list: so many elements
};

// A message somewhere in `source`. The value goes on reading from there. Throws malformed.
TensorProto read_tensor(const SourcePtr& source, Range message);
// A message in memory; the value owns what it needs.
TensorProto read_tensor(Bytes message);

// dtype and shape alone, without a look at the elements; dtype may be `invalid` and the shape unknown.
struct TensorHead {
  DType dtype = DType::invalid;
  Shape shape;
};
TensorHead read_tensor_head(Bytes message);

// A TensorProto holding the value: numbers of more than one element as tensor_content, all else as lists, as
// TensorFlow's make_tensor_proto writes them.
Recipe write_tensor(const Value& value);

// The shortest TensorProto for one element repeated over the shape.
std::string write_fill(DType dtype, const Shape& shape, Bytes element);

}  // namespace thaw::internal
