// FrozenValue: what a variable has become where it was handed on as a resource or reference.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "thaw/tensor.h"

namespace thaw::internal {

struct FrozenValue {
  std::string variable;  // its name, for messages
  DType dtype = DType::invalid;
  Shape shape;  // of unknown rank where several variables meet
  bool is_ref = false;
};

// By number of an input, an argument or an output.
using FrozenSlots = std::map<std::uint32_t, FrozenValue>;

}  // namespace thaw::internal
