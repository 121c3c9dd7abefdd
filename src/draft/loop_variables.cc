#include "draft/loop_variables.h"

#include <algorithm>

namespace thaw::internal {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A run of digits, or of anything else.
Bytes take_run(Bytes& text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size]) == is_digit(text[0])) ++size;
  const Bytes run = text.substr(0, size);
  text.remove_prefix(size);
  return run;
}

std::strong_ordering compare_numbers(Bytes a, Bytes b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  const auto by_size = a.size() <=> b.size();
  return by_size != 0 ? by_size : a <=> b;
}

LoopVariable read_variable(const Contexts& contexts, NodeId merge) {
  const Draft& draft = contexts.draft();
  const FlowStructure& structure = contexts.structure();
  LoopVariable variable;
  variable.merge = merge;
  for (const Edge& input : draft.inputs_now(merge)) {
    if (!input.is_control() && structure.kind(input.node) == FlowKind::enter)
      variable.enters.push_back(input.node);
  }
  for (const Edge& consumer : draft.consumers_of({merge, 0})) {
    if (consumer.port == 0 && structure.is_loop_switch(consumer.node))
      variable.switches.push_back(consumer.node);
  }
  for (const NodeId id : variable.switches) {
    for (const Edge& consumer : draft.consumers_of({id, kLeaves})) {
      if (structure.kind(consumer.node) == FlowKind::exit) variable.exits.push_back(consumer.node);
    }
    for (const Edge& consumer : draft.consumers_of({id, kBody})) {
      if (structure.kind(consumer.node) == FlowKind::identity) variable.identities.push_back(consumer.node);
    }
  }
  return variable;
}

void find_loop_conds(const Contexts& contexts, LoopParts& loop) {
  for (const LoopVariable& variable : loop.variables) {
    for (const NodeId id : variable.switches) {
      const Edge predicate = contexts.draft().inputs_now(id)[1];
      loop.loop_conds.push_back(contexts.structure().origin(predicate).node);
    }
  }
  std::ranges::sort(loop.loop_conds);
  const auto rest = std::ranges::unique(loop.loop_conds);
  loop.loop_conds.erase(rest.begin(), rest.end());
}

}  // namespace

bool naturally_before(Bytes a, Bytes b) {
  while (!a.empty() && !b.empty()) {
    const bool numbers = is_digit(a[0]) && is_digit(b[0]);
    const Bytes left = take_run(a), right = take_run(b);
    const std::strong_ordering order = numbers ? compare_numbers(left, right) : left <=> right;
    if (order != 0) return order < 0;
  }
  return a.empty() && !b.empty();
}

std::vector<LoopParts> find_loop_parts(const Contexts& contexts) {
  std::vector<LoopParts> loops(contexts.structure().frames().size());
  const auto limit = static_cast<NodeId>(contexts.draft().id_limit());
  for (NodeId id = 0; id < limit; ++id) {
    if (!contexts.structure().is_loop_merge(id)) continue;
    const ContextId context = contexts.of(id);
    if (context == kRootContext) continue;
    loops[contexts.tree().index(context)].variables.push_back(read_variable(contexts, id));
  }
  for (LoopParts& loop : loops) {
    std::ranges::stable_sort(loop.variables, [&](const LoopVariable& a, const LoopVariable& b) {
      return naturally_before(contexts.draft().name_view(a.merge), contexts.draft().name_view(b.merge));
    });
    find_loop_conds(contexts, loop);
  }
  return loops;
}

}  // namespace thaw::internal
