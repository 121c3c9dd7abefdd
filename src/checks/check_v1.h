// A checkpoint of TensorFlow's first format: every block, every slice, every number.
#pragma once

#include <filesystem>
#include <vector>

#include "checks/stored_tensors.h"
#include "thaw/destination.h"

namespace thaw::internal {

// The checks "index" and "data" over `paths` (checkpoint/v1_set.h). Throws input_io when one cannot be
// opened.
StoredTensors check_v1(const Destination& files, const std::vector<std::filesystem::path>& paths,
                       ReadingProgress& progress, Findings& findings);

}  // namespace thaw::internal
