#pragma once

#include "verbs/freeze_graph.h"

namespace thaw::internal {

// All but what writing adds.
FreezeReport make_frozen_report(const Model& model, const Subject& subject, const FrozenGraph& frozen,
                                const FreezeOptions& options);

}  // namespace thaw::internal
