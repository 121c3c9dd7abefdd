// The repairs X0 to X6, in the order in which they help each other.
#pragma once

#include "draft/contexts.h"

namespace thaw::internal {

// The contexts of the repaired draft, less what the last repairs added; nothing when there are neither loops
// nor branches.
std::optional<Contexts> repair_control_flow(Draft& draft);

}  // namespace thaw::internal
