// A graph and the checkpoint it was saved with: do they belong together?
#pragma once

#include "checks/stored_tensors.h"
#include "model/model.h"
#include "subject/stored_set.h"

namespace thaw::internal {

// The check "graph", over one MetaGraphDef. `values` may be null: then names that only a checkpoint of
// TensorFlow 2 knows are not looked at.
void check_meta_graph(const Model& model, const StoredTensors& stored, const StoredSet* values,
                      const std::string& file, Findings& findings);

}  // namespace thaw::internal
