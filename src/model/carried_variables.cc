#include "model/carried_variables.h"

namespace thaw::internal {

namespace {

std::map<NodeId, CarriedVariable> moved(const std::map<NodeId, CarriedVariable>& variables, const Graph& was,
                                        const Graph& is) {
  std::map<NodeId, CarriedVariable> now;
  for (const auto& [id, variable] : variables) {
    const NodeId there = is.find(was.name(id));
    if (there != kNoNode) now.emplace(there, variable);
  }
  return now;
}

}  // namespace

std::shared_ptr<const CarriedVariables> carried_into(const std::shared_ptr<const CarriedVariables>& carried,
                                                     const Graph& was, const Graph& is) {
  if (!carried || &was == &is) return carried;
  auto now = std::make_shared<CarriedVariables>(*carried);
  now->constants = moved(carried->constants, was, is);
  now->state = moved(carried->state, was, is);
  return now;
}

}  // namespace thaw::internal
