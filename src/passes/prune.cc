#include "passes/prune.h"

#include "messages/attr_value.h"

namespace thaw::internal {

void prune(Draft& draft, const std::vector<NodeId>& wanted) {
  std::vector<bool> needed(draft.id_limit());
  std::vector<NodeId> work;
  const auto need = [&](NodeId id) {
    if (id == kNoNode || needed[id]) return;
    needed[id] = true;
    work.push_back(id);
  };
  for (const NodeId id : wanted) need(id);
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    for (const Edge& input : draft.inputs(id)) need(input.node);
    const std::optional<std::string> places = draft.attr(id, "_class");
    for (const Bytes place : places ? attr_as_strings(*places) : std::vector<Bytes>{}) {
      if (place.starts_with("loc:@")) need(draft.find(place.substr(5)));
    }
  }
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id] && !draft.is_removed(id)) draft.remove(id, {"P1", draft.name(id), "no output needs it"});
  }
}

}  // namespace thaw::internal
