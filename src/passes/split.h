// A constant that is a weight in one place and a shape or size in another is split: the variable keeps the
// name, the other use keeps a constant of its own.
#pragma once

#include "draft/draft.h"
#include "thaw/plan.h"

namespace thaw::internal {

void split_constants(Draft& draft, const Plan& plan);

}  // namespace thaw::internal
