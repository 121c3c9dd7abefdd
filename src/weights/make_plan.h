// make_plan: from decisions to variables with names, keys and values.
#pragma once

#include <functional>
#include <string>

#include "model/carried_variables.h"
#include "model/graph.h"
#include "thaw/plan.h"

namespace thaw::internal {

struct PlanNaming {
  // The variable's name, given the constant's name and the one recovered for it (equal when nothing was
  // recovered).
  std::function<std::string(const std::string& constant, const std::string& recovered)> rename;
  bool ema_twins = false;  // every trainable variable a second time, as X/ExponentialMovingAverage
  const CarriedVariables* carried = nullptr;  // of the graph; null: none
};

// Throws usage when two variables would get one name, or a name that TensorFlow refuses.
Plan make_plan(const Graph& graph, std::vector<Decision> decisions, const PlanNaming& naming);

}  // namespace thaw::internal
