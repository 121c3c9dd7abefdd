// The index and the data files of a checkpoint: every block, every entry, every byte.
#pragma once

#include <filesystem>

#include "checks/stored_tensors.h"
#include "thaw/destination.h"

namespace thaw::internal {

// The checks "index" and "data". Throws input_io when there is no index.
StoredTensors check_bundle(const Destination& files, const std::filesystem::path& prefix,
                           ReadingProgress& progress, Findings& findings);

}  // namespace thaw::internal
