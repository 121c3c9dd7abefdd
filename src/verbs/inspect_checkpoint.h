// The entries of a checkpoint, as a report shows them.
#pragma once

#include "subject/stored_set.h"
#include "thaw/inspect.h"
#include "verbs/name_filter.h"

namespace thaw::internal {

InspectedCheckpoint inspect_checkpoint(const StoredSet& stored, const InspectOptions& options,
                                       NameFilter& filter);

}  // namespace thaw::internal
