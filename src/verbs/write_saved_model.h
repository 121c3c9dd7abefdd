// A copy of the target's SavedModel with other values in its variables, staged, looked at and published.
#pragma once

#include "target/target.h"
#include "thaw/checkpoint.h"
#include "thaw/transplant.h"

namespace thaw::internal {

// Throws output_exists when `path` is, lies in or is around the target, or is a folder of other things,
// whatever
// --force says, and usage for entries that the SavedModel has no variables for.
void check_saved_model_output(const std::filesystem::path& path, const Target& target,
                              const CheckpointContents& contents, const Destination& destination);

// The values are read from `model`. Returns the files of the result, by their paths.
std::vector<ReportedFile> write_saved_model(const std::filesystem::path& path, const Target& target,
                                            const CheckpointContents& contents, const Source& model,
                                            const TransplantOptions& options,
                                            const std::shared_ptr<Destination>& destination);

}  // namespace thaw::internal
