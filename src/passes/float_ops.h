// Q3: operations on numbers of few bits become the operations on floats that they stand for (--float-ops), as
// a gradient wants them. What they rounded is rounded no more.
#pragma once

#include "draft/draft.h"
#include "weights/quantized_parts.h"

namespace thaw::internal {

// Every node keeps its name. What measured ranges is removed (Q4). Names of the constants that stand for
// those of the parts, in their order; empty for what nothing takes.
std::vector<std::string> make_float_ops(Draft& draft, const QuantizedParts& parts);

}  // namespace thaw::internal
