#include "verbs/prepare_model.h"

#include <algorithm>
#include <iterator>

#include "compare/prove_openings.h"
#include "compare/prove_release.h"
#include "compare/prove_unfolding.h"
#include "passes/lower_release.h"
#include "passes/open_reshapes.h"
#include "passes/unfold_norms.h"
#include "thaw/error.h"

namespace thaw::internal {

std::optional<TensorFlowRelease> find_release(const ThawOptions& options) {
  if (options.target_tf.empty()) return std::nullopt;
  const std::optional<TensorFlowRelease> release = TensorFlowRelease::find(options.target_tf);
  if (release) return release;
  throw Error(
      ErrorKind::usage, "--target-tf " + thaw::quoted(options.target_tf) + " is no release that Thaw knows",
      TensorFlowRelease::first() + " to " + TensorFlowRelease::last(), "for example --target-tf 1.15");
}

void fit_to_release(Draft& draft, const std::optional<TensorFlowRelease>& release) {
  if (!release) return;
  lower_added(draft, *release);
  check_release(draft, *release);
}

PreparedModel prepare_model(Model model, const ThawOptions& options) {
  PreparedModel prepared{std::move(model), {}, {}, find_release(options)};
  std::shared_ptr<const Graph>& graph = prepared.model.graph;
  const std::shared_ptr<const Graph> was = graph;
  if (!options.inputs.empty()) {
    OpenedReshapes opened = open_reshapes(graph, options.inputs);
    prove_openings(*graph, *opened.graph);
    graph = std::move(opened.graph);
    prepared.changes = std::move(opened.changes);
  }
  if (options.unfold_batch_norms) {
    UnfoldedNorms unfolded = unfold_norms(graph);
    prove_unfolding(*graph, *unfolded.graph);
    graph = std::move(unfolded.graph);
    prepared.unfolded = std::move(unfolded.scopes);
    std::ranges::move(unfolded.changes, std::back_inserter(prepared.changes));
  }
  if (prepared.release) {
    LoweredGraph lowered = lower_to(graph, *prepared.release);
    prove_release(*graph, *lowered.graph, *prepared.release);
    graph = std::move(lowered.graph);
    std::ranges::move(lowered.changes, std::back_inserter(prepared.changes));
  }
  prepared.model.carried = carried_into(prepared.model.carried, *was, *graph);
  return prepared;
}

}  // namespace thaw::internal
