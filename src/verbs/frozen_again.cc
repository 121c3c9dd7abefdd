#include "verbs/frozen_again.h"

#include "thaw/error.h"
#include "verbs/freeze_graph.h"

namespace thaw::internal {

std::shared_ptr<const Graph> frozen_again(const ComparedSide& side) {
  if (side.model == nullptr || !side.subject.values) return nullptr;
  try {
    const FrozenGraph frozen = freeze_graph(*side.model, side.subject, {});
    if (!frozen.is_original) return nullptr;
    return read_graph(frozen.draft.emit().as_replaying_source(side.told.path + ", frozen"));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::bug || error.kind() == ErrorKind::interrupted) throw;
    return nullptr;  // what keeps it from being frozen is no matter of this comparison
  }
}

}  // namespace thaw::internal
