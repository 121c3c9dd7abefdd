// The graph beside a checkpoint, frozen again: is it the model?
#pragma once

#include <filesystem>

#include "checks/findings.h"
#include "model/model.h"
#include "subject/stored_set.h"

namespace thaw::internal {

struct GraphToVerify {
  const Model& model;
  const Model& meta;  // the .meta
  const std::filesystem::path& prefix;
  StoredSet* values;  // of the checkpoint; null when it cannot be opened
};

// The check "frozen".
void verify_graph(const GraphToVerify& task, const VerifyOptions& options, Findings& findings);

}  // namespace thaw::internal
