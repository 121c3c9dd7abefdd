// What the `.meta` remembers of the file that it was made from (model/origin.h).
#pragma once

#include "model/origin.h"
#include "verbs/rewrite.h"

namespace thaw::internal {

// Once the draft is done.
OriginRecord make_origin(const Model& model, const Rewritten& rewritten, const ThawOptions& options);

}  // namespace thaw::internal
