#pragma once

#include "draft/draft.h"

namespace thaw::internal {

// Takes every node's device away, as import_meta_graph(clear_devices=True) would.
void clear_devices(Draft& draft);

}  // namespace thaw::internal
