#pragma once

#include "verbs/rewrite.h"

namespace thaw::internal {

// Everything but the files and the proof, which are known later.
ThawReport make_report(const Model& model, const Rewritten& rewritten, const ThawOptions& options,
                       const std::filesystem::path& prefix);

}  // namespace thaw::internal
