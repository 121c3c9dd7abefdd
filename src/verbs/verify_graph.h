// The graph beside a checkpoint, frozen again: is it the model?
#pragma once

#include <filesystem>

#include "checks/findings.h"
#include "model/model.h"

namespace thaw::internal {

// The check "frozen" over a .meta that could be opened.
void verify_graph(const Model& model, const Model& meta, const std::filesystem::path& prefix,
                  const VerifyOptions& options, Findings& findings);

}  // namespace thaw::internal
