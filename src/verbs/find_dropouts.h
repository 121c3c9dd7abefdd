// Where dropout is or was: layers that freezing left as an Identity tell so by their names.
#pragma once

#include <vector>

#include "draft/draft.h"
#include "thaw/report.h"

namespace thaw::internal {

// In the order of the graph. What tf.nn.dropout left out altogether, as it does where nothing is to be
// dropped, leaves no trace.
std::vector<ReportedDropout> find_dropouts(const Draft& draft);

}  // namespace thaw::internal
