// SignatureDef (core/protobuf/meta_graph.proto): 1 inputs, 2 outputs, maps of TensorInfo {1 name, 2 dtype, 3
// tensor_shape, 4 coo_sparse, 5 composite_tensor}; 3 method_name.
#pragma once

#include <string>
#include <vector>

#include "thaw/source.h"
#include "thaw/tensor.h"

namespace thaw::internal {

struct SignatureTensor {
  std::string key;     // what callers name it
  std::string tensor;  // "x:0"; of sparse and composite ones their first part
  DType dtype = DType::invalid;
  Shape shape = Shape::of_unknown_rank();
};

struct SignatureDef {
  std::string name, method;
  std::vector<SignatureTensor> inputs, outputs;  // sorted by key
};

// Throws malformed.
SignatureDef decode_signature_def(const std::string& name, Bytes message);

}  // namespace thaw::internal
