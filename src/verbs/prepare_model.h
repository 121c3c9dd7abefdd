// What is done to a model before its weights are looked for, each step with its proof: a graph that means the
// same, in another form that was asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "draft/draft.h"
#include "model/model.h"
#include "ops/op_history.h"
#include "thaw/thaw.h"

namespace thaw::internal {

struct PreparedModel {
  Model model;
  std::vector<Change> changes;
  std::vector<std::string> unfolded;  // scopes of batch norms
  std::optional<TensorFlowRelease> release;
};

// Throws usage for a release that there is not.
std::optional<TensorFlowRelease> find_release(const ThawOptions& options);
// What thawing added to a graph, in the release's own operations; does nothing without one. Throws
// unsupported, naming the node, for what it does not know.
void fit_to_release(Draft& draft, const std::optional<TensorFlowRelease>& release);
PreparedModel prepare_model(Model model, const ThawOptions& options);

}  // namespace thaw::internal
