// A number as an element of a tensor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "thaw/tensor.h"

namespace thaw::internal {

// Its canonical bytes, rounded to the nearest number of the type; nothing for types that cannot hold it.
std::optional<std::string> number_element(DType dtype, double number);

// The same for a whole number that must not be rounded: nothing when the type has no such number.
std::optional<std::string> integer_element(DType dtype, std::int64_t number);

}  // namespace thaw::internal
