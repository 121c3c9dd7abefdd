// The variables of Keras layers in the order in which layers save them (keras/src/layers, save_own_variables:
// what is trained, in the order of build, then what is not).
#pragma once

#include <string>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

// "kernel", "bias" of a layer of class `layer` ("dense", "conv2d_transpose"; anything when it is not known),
// whose variables have these shapes. An empty text where neither class nor shapes tell.
std::vector<std::string> keras_roles(const std::string& layer, const std::vector<Shape>& shapes);

}  // namespace thaw::internal
