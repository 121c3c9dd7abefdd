// A copy of the target's file with the values in their places, staged, looked at and published.
#pragma once

#include "target/target.h"
#include "thaw/checkpoint.h"

namespace thaw::internal {

// Throws usage when `path` would not be taken for such a file by Keras, output_exists when it is the model or
// the target, whatever --force says, and usage for entries that the file has no place for.
void check_patched_output(const std::filesystem::path& path, const Target& target, const Source& model,
                          const Destination& destination);

// The values are read from `model`. Returns the size of what was written.
std::uint64_t write_patched(const std::filesystem::path& path, const Target& target,
                            const CheckpointContents& contents, const Source& model,
                            const TransplantOptions& options,
                            const std::shared_ptr<Destination>& destination);

}  // namespace thaw::internal
