// Reading back what was written: when that fails, the trouble is with the output, not with what is converted.
#pragma once

#include <filesystem>

#include "thaw/destination.h"

namespace thaw::internal {

// As Destination::open, but this and reading throw output_io.
SourcePtr read_back(const Destination& destination, const std::filesystem::path& path);

}  // namespace thaw::internal
