// An AttrValue that holds a tensor, and the constant that freezing makes of a variable.
#pragma once

#include "messages/node_def.h"
#include "tensor/tensor_form.h"

namespace thaw::internal {

// Encoded; the elements are read from the value when the recipe is poured.
Recipe tensor_attr(const Value& value, const TensorForm& form = {});

// A type and a value, and neither device nor place: as TensorFlow's freezer makes it.
NodeDef frozen_constant(const std::string& name, const Value& value);

}  // namespace thaw::internal
