// What lies around a checkpoint: the state file beside it, the assets of a SavedModel.
#pragma once

#include <filesystem>

#include "checks/findings.h"
#include "messages/asset_file_def.h"
#include "thaw/destination.h"

namespace thaw::internal {

// Warnings about a state file that cannot be read or names checkpoints that are not there: TensorFlow would
// begin afresh, or from another one.
void check_state_file(const Destination& files, const std::filesystem::path& folder, Findings& findings);

// The check "assets": every file that a MetaGraphDef of the SavedModel in `folder` names lies in its folder
// `assets`. Does nothing where none is named.
void check_assets(const Destination& files, const std::filesystem::path& folder,
                  const std::vector<AssetFileDef>& assets, Findings& findings);

}  // namespace thaw::internal
