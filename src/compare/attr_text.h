// Attributes and tensors as short texts, for people.
#pragma once

#include <string>

#include "thaw/tensor.h"

namespace thaw::internal {

// "[1,2,2,1]", "'SAME'", "float32", "[?,3]", "true", "f" for a function; long ones are cut. Of a tensor what
// `tensor_text` says of its head. Names are escaped.
std::string attr_text(Bytes attr_value);
// "float32 [2,3]"; with its elements when they are few: "int32 [2] 1,-1".
std::string tensor_text(const Value& value);

}  // namespace thaw::internal
