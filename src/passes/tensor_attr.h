// An AttrValue that holds a tensor.
#pragma once

#include "tensor/tensor_form.h"

namespace thaw::internal {

// Encoded; the elements are read from the value when the recipe is poured.
Recipe tensor_attr(const Value& value, const TensorForm& form = {});

}  // namespace thaw::internal
