// A checkpoint as a target: its entries, and what the .meta beside it, if there is one, tells of them.
#pragma once

#include "target/target.h"

namespace thaw::internal {

Target open_bundle_target(const Destination& files, const std::filesystem::path& prefix,
                          std::optional<std::uint64_t> seed);

// The same of the first format, in one file or several.
Target open_v1_target(const Destination& files, const std::filesystem::path& path,
                      std::optional<std::uint64_t> seed);

}  // namespace thaw::internal
