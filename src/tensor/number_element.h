// A number as an element of a tensor.
#pragma once

#include <optional>
#include <string>

#include "thaw/tensor.h"

namespace thaw::internal {

// Its canonical bytes, rounded to the nearest number of the type; nothing for types that cannot hold it.
std::optional<std::string> number_element(DType dtype, double number);

}  // namespace thaw::internal
