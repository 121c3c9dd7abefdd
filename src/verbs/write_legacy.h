// A new file in the older layout of Keras' weights, for targets that are lists: no file of the model is
// needed.
#pragma once

#include "target/target.h"
#include "thaw/checkpoint.h"
#include "thaw/transplant.h"

namespace thaw::internal {

// Whether `path` asks for a file of Keras although the target is none. Throws usage when that cannot be:
// only a list has an order of layers, and only .h5 does without the model's own file.
bool asks_for_legacy(const std::filesystem::path& path, const Target& target);

// The values are read from `model`; weights come in the order of the list. Returns the size of what was
// written.
std::uint64_t write_legacy(const std::filesystem::path& path, const Target& target,
                           const CheckpointContents& contents, const Source& model,
                           const TransplantOptions& options, const std::shared_ptr<Destination>& destination);

}  // namespace thaw::internal
