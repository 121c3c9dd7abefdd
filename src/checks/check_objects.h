// The objects that a checkpoint of TensorFlow 2 is made of: their entries are there, and they name each other
// rightly.
#pragma once

#include "checks/stored_tensors.h"

namespace thaw::internal {

// The check "objects"; does nothing for a checkpoint without an object graph. `file` is its index.
void check_objects(const StoredTensors& stored, const std::string& file, Findings& findings);

}  // namespace thaw::internal
