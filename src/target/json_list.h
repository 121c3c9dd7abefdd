// Thaw's own reports (docs/schemas) as lists of variables.
#pragma once

#include "match/slots.h"

namespace thaw::internal {

// From "variables" or "entries": objects with "key" or "name", "dtype" and "shape". Throws malformed.
std::vector<Slot> json_slots(Bytes text);

}  // namespace thaw::internal
