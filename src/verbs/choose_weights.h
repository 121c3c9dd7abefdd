// Which constants of a model are weights, with the user's word, and what to say when there are none.
#pragma once

#include "model/call_view.h"
#include "model/model.h"
#include "thaw/plan.h"

namespace thaw::internal {

// Patterns of the user.
struct WeightWishes {
  const std::vector<std::string>& thaw;
  const std::vector<std::string>& keep;
  const std::vector<std::string>& non_trainable;
  const StoredForm* stored =
      nullptr;  // of the model: patterns may also name what is no constant in its graph
  const CarriedVariables* carried = nullptr;
};

// Throws usage for a pattern that names nothing.
std::vector<Decision> choose_weights(const Graph& graph, const WeightWishes& wishes);

// Weights that folding copied are one, see weights/tied_copies.h. Folding moves none into functions.
void tie_root_copies(const CallView& view, std::vector<Decision>& decisions);

// Throws missing_values for a MetaGraphDef whose variables are still variables.
void refuse_variables(const Model& model);

[[noreturn]] void fail_without_weights(const Graph& graph, const Plan& plan);

}  // namespace thaw::internal
