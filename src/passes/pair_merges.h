// What several branches give, joined two by two as TensorFlow's cond does.
#pragma once

#include "draft/contexts.h"

namespace thaw::internal {

// X7: a Merge of three or more branches, each of two against the rest, as a written out Case has. Left alone
// where somebody asks which branch it was. True when there was any: the contexts are stale then.
bool join_in_pairs(Draft& draft, const Contexts& contexts);

}  // namespace thaw::internal
