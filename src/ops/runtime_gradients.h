// Operations inside a call that TensorFlow's runtime differentiates (SymbolicGradient). An imported call is
// differentiated as a whole, and not by Python: what the runtime's own gradients do not know ends in an error
// once it runs.
#pragma once

#include <string_view>

namespace thaw::internal {

bool has_runtime_gradient(std::string_view op);

}  // namespace thaw::internal
