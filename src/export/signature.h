// What goes in and what comes out of a graph, as SignatureDef (core/protobuf/meta_graph.proto) says it.
#pragma once

#include <string>
#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

struct Endpoint {
  std::string key;     // what signatures call it
  std::string tensor;  // "x:0"
  DType dtype = DType::invalid;
  Shape shape;
};

struct Signature {
  std::vector<Endpoint> inputs, outputs;
};

// Placeholders are the inputs. Outputs are those named in `wanted` (nodes or tensors; operations without
// outputs are skipped), else whatever no other node takes. Throws usage for a wanted name that does not
// exist.
Signature find_signature(const Draft& draft, const std::vector<std::string>& wanted);

inline constexpr Bytes kPredictMethod = "tensorflow/serving/predict";

std::string encode_signature(const Signature& signature, Bytes method = kPredictMethod);

}  // namespace thaw::internal
