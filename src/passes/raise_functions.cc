#include "passes/raise_functions.h"

#include "passes/raise_body.h"

namespace thaw::internal {

namespace {

// Where branches share much and are raised one by one, a small file could ask for much: so many times its
// nodes, and as many more as no file is too small for.
constexpr std::uint64_t kMostTimes = 12, kAlways = 100'000;

}  // namespace

RaiseFunctions::RaiseFunctions(RaiseTensors& tensors, Constructs& constructs, RaiseProblems& problems,
                               RaiseLibrary& library)
    : tensors_(tensors),
      constructs_(constructs),
      problems_(problems),
      library_(library),
      slices_(tensors, constructs) {}

void RaiseFunctions::run() {
  for (Construct& construct : constructs_.all()) {
    if (!problems_.concern(construct.inside[0])) make(construct);
  }
  std::vector<RaiseItem> order;
  if (!slices_.take_root(problems_, order)) note_cycle(kRootContext, order);
}

void RaiseFunctions::make(Construct& construct) {
  if (!slice(construct)) return;
  for (const unsigned which : {0U, 1U}) note_effects(construct, orders_[which]);
  if (problems_.concern(construct.inside[0])) return;
  for (const unsigned which : {0U, 1U}) {
    RaiseBody body(tensors_, constructs_, slices_, construct, which);
    construct.functions[which] = library_.add(body.write(orders_[which]));
  }
}

bool RaiseFunctions::slice(Construct& construct) {
  for (const unsigned which : {0U, 1U}) {
    orders_[which].clear();
    if (!slices_.take(construct, which, orders_[which])) {
      note_cycle(construct.inside[which], orders_[which]);
      return false;
    }
    cost_ += orders_[which].size();
  }
  cost_ += construct.captures.size();
  if (cost_ <= kMostTimes * tensors_.draft().id_limit() + kAlways) return true;
  problems_.note(kRootContext, kNoNode, "loops and branches would become too large");
  return false;
}

// Merges of one If that need each other's results are raised apart; where that is not it, there is a cycle.
void RaiseFunctions::note_cycle(ContextId around, const std::vector<RaiseItem>& cycle) {
  const Contexts& contexts = tensors_.contexts();
  for (const RaiseItem item : cycle) {
    const Construct& made = slices_.construct(item);
    if (made.merges.size() > 1 && !made.is_loop) knotted_.insert(contexts.outermost(made.inside[0]));
    problems_.note(made.inside[0], made.place, "its loops and branches take from each other in a circle");
  }
  if (cycle.empty()) problems_.note(around, kNoNode, "nodes take from each other in a circle");
}

// What has effects must happen as often as it did.
void RaiseFunctions::note_effects(Construct& construct, const std::vector<RaiseItem>& order) {
  for (const RaiseItem item : order) {
    if (slices_.is_construct(item)) {
      construct.is_stateful |= slices_.construct(item).is_stateful;
    } else if (tensors_.is_stateful(item)) {
      construct.is_stateful = true;
      if (!with_effects_.insert(item).second)
        problems_.note(construct.inside[0], item, "two functions would need it, and it has effects");
    }
  }
}

}  // namespace thaw::internal
