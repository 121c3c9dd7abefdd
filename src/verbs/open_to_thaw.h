// Opening a model that is to be thawed, of whatever kind. One that holds variables is opened as it would be
// once frozen: every variable that nothing changes is a constant, with its value still in the checkpoint's
// files.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"
#include "thaw/destination.h"

namespace thaw::internal {

// Which part of a model is meant: see ThawOptions.
struct ModelWishes {
  std::string tag_set, signature;
  std::vector<std::string> outputs;
};

// `file` is a model's own file; the values of its variables are looked for beside it, through `files`.
// Throws what opening throws, usage for wishes that name nothing, missing_values, naming the checkpoint that
// was looked for, unsupported for variables that only functions change.
Model open_to_thaw(const SourcePtr& file, const ModelWishes& wishes, const Destination& files);

}  // namespace thaw::internal
