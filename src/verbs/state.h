// The `checkpoint` file beside the new checkpoint.
#pragma once

#include <optional>
#include <string>

#include "thaw/destination.h"

namespace thaw::internal {

std::filesystem::path state_path(const std::filesystem::path& prefix);

struct StateWishes {
  bool force = false, keep_state = false;
};

// Its new content; nothing when it is to be left alone. Throws output_exists when one is there that names
// other checkpoints and neither force nor keep_state was given.
std::optional<std::string> next_state(const Destination& destination, const std::filesystem::path& prefix,
                                      const StateWishes& wishes);

}  // namespace thaw::internal
