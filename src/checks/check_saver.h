// The nodes of a Saver: what they save and restore, under which keys.
#pragma once

#include <set>

#include "checks/stored_tensors.h"
#include "model/model.h"

namespace thaw::internal {

// The Saver that the MetaGraphDef declares (core/protobuf/saver.proto): its names are in the checkpoint with
// the types that it says, and each variable gets back what was saved of it. Part of the check "graph".
// Returns the keys that the Saver names.
std::set<std::string> check_saver(const Model& model, const StoredTensors& stored, const std::string& file,
                                  Findings& findings);

}  // namespace thaw::internal
