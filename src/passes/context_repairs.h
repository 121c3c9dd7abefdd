// What gradients need and only the contexts show to be missing.
#pragma once

#include "draft/loop_variables.h"

namespace thaw::internal {

// X0: a tensor of a loop further out that a loop reads as it is, which the executor refuses. TensorFlow's own
// freezer leaves such: the axis of a lookup inside a loop (python/framework/convert_to_constants.py). True
// when there was any: the contexts are stale then.
bool bridge_frames(Draft& draft, const Contexts& contexts);

// X4: a cond's Merge takes the false branch first; the lowering of If writes the true one first. Left alone
// where somebody asks which branch it was.
void order_merges(Draft& draft, const Contexts& contexts);

// X5: every branch has an Identity that stands for it; freezing drops those that anchor no constant.
void complete_pivots(Draft& draft, const Contexts& contexts);

// X6: every loop has an Identity that stands for its body.
void complete_bodies(Draft& draft, const Contexts& contexts);

}  // namespace thaw::internal
