// TensorShapeProto (core/framework/tensor_shape.proto): repeated Dim dim = 2 { int64 size = 1; string name =
// 2 }, bool unknown_rank = 3.
#pragma once

#include "thaw/tensor.h"

namespace thaw::internal {

// Dimensions below -1 are malformed. Throws malformed.
Shape decode_shape(Bytes message);
std::string encode_shape(const Shape& shape);

}  // namespace thaw::internal
