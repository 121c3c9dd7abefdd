// What goes into the rewritten graph and what comes out: its signatures.
#pragma once

#include "verbs/rewrite.h"

namespace thaw::internal {

// Those of the model under the names that nodes have by now, and one of its own where none is the default;
// `outputs`, as the draft calls them, choose instead.
void describe_ends(Rewritten& done, const Model& model, const std::vector<std::string>& outputs);

}  // namespace thaw::internal
