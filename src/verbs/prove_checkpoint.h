// The staged checkpoint, read back: every name, type and shape, and on request every byte.
#pragma once

#include "thaw/checkpoint.h"

namespace thaw::internal {

// Throws bug when the files do not hold what was to be written.
void prove_checkpoint(const SourcePtr& index, const SourcePtr& data, const CheckpointContents& contents,
                      bool every_byte);

}  // namespace thaw::internal
