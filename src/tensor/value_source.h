// A value's canonical bytes as a Source: what is computed while it is read, where ranges of files stand.
#pragma once

#include <string>

#include "thaw/tensor.h"

namespace thaw::internal {

// Reads that follow on one another go on where the last one ended; others begin anew, which is cheap for
// seekable values only. Not for strings.
SourcePtr value_source(Value value, std::string name);

}  // namespace thaw::internal
