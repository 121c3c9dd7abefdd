#include "weights/recovered_names.h"

namespace thaw::internal {

std::vector<std::string> recover_variable_names(const Graph& graph, const std::vector<Decision>& decisions) {
  std::vector<std::string> names;
  names.reserve(decisions.size());
  for (const Decision& decision : decisions) names.emplace_back(graph.name(decision.node));
  return names;
}

}  // namespace thaw::internal
