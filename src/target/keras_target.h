// A file of Keras as a target: .weights.h5, .keras, or .h5 of either age. Its datasets are the slots, and lie
// in the file as they are: the result is a copy with other bytes in their places.
#pragma once

#include "target/target.h"

namespace thaw::internal {

bool looks_like_keras(Bytes front);

// Throws malformed, and unsupported for files without weights of layers and for values that are compressed.
Target open_keras_target(const SourcePtr& file);

}  // namespace thaw::internal
