#include "passes/raise_constructs.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "names/scopes.h"
#include "passes/raise_rounds.h"

namespace thaw::internal {

void Construct::capture(const Edge& origin) {
  const auto number = static_cast<std::uint32_t>(captures.size());
  if (capture_numbers.try_emplace(key_of(origin), number).second) captures.push_back(origin);
}

void Construct::wait_for(NodeId node) {
  if (is_waited_for.insert(node).second) waits.push_back(node);
}

Constructs::Constructs(RaiseTensors& tensors, const std::vector<LoopParts>& loops,
                       const RaiseProblems& problems, const std::unordered_set<ContextId>& apart)
    : tensors_(tensors), contexts_(tensors.contexts()), draft_(tensors.draft()), apart_(apart) {
  const ContextTree& tree = contexts_.tree();
  std::uint32_t deepest = 0;
  for (ContextId id = 1; id < tree.size(); ++id) {
    if (!problems.concern(id)) deepest = std::max(deepest, tree.depth(id));
  }
  for (NodeId id = 0; id < draft_.id_limit(); ++id) {
    const bool is_merge = contexts_.structure().kind(id) == FlowKind::merge &&
                          !contexts_.structure().is_loop_merge(id) && !draft_.is_removed(id);
    if (!is_merge) continue;
    const ContextId behind = contexts_.behind(draft_.inputs_now(id)[0]);
    if (tree.is_branch(behind) && !problems.concern(behind)) merges_.push_back(id);
  }
  for (std::uint32_t frame = 0; frame < loops.size(); ++frame) {
    if (!problems.concern(contexts_.loop(frame))) add_loop(frame, loops[frame]);
  }
  for (std::uint32_t depth = 1; depth <= deepest && !merges_.empty(); ++depth) add_conds(depth);
  parents_ = {};
  std::vector<ConstructId> order(all_.size());
  std::iota(order.begin(), order.end(), ConstructId{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&](ConstructId id) { return tree.depth(all_[id].inside[0]); });
  std::vector<Construct> sorted;
  std::vector<ConstructId> place(order.size());
  for (const ConstructId id : order) {
    place[id] = static_cast<ConstructId>(sorted.size());
    sorted.push_back(std::move(all_[id]));
  }
  all_ = std::move(sorted);
  for (auto& [node, construct] : of_) construct = place[construct];
}

ConstructId Constructs::of(NodeId node) const {
  const auto found = of_.find(node);
  return found == of_.end() ? kNoConstruct : found->second;
}

std::string Constructs::name_for(NodeId place, const char* wanted) {
  const Bytes name = draft_.name_view(place);
  const Bytes scope = parent_scope(name);
  const std::string base = std::string(scope) + (scope.empty() ? "" : "/") + wanted;
  const auto is_taken = [&](const std::string& other) {
    return draft_.find(other) != kNoNode || names_.contains(other);
  };
  std::string unique = free_names_.next(base, is_taken);
  names_.insert(unique);
  return unique;
}

void Constructs::add_loop(std::uint32_t frame, const LoopParts& loop) {
  const FlowStructure& structure = contexts_.structure();
  const ContextId context = contexts_.loop(frame);
  const auto id = static_cast<ConstructId>(all_.size());
  Construct made;
  made.is_loop = true;
  made.around = contexts_.tree().outer(context);
  made.inside = {context, context};
  made.place = loop.loop_conds.front();
  made.enter = structure.frames()[frame].enters.front();
  made.name = name_for(made.place, "thaw_while");
  made.gives[0].push_back(tensors_.origin(draft_.inputs_now(made.place)[0]));
  for (const LoopVariable& variable : loop.variables) {
    const auto number = static_cast<std::uint32_t>(made.merges.size() + 2);
    made.merges.push_back({variable.merge, 0});
    results_[key_of({variable.merge, 0})] = number;
    made.types.push_back(tensors_.type({variable.merge, 0}));
    made.starts.push_back(tensors_.origin(draft_.inputs_now(variable.enters.front())[0]));
    for (const Edge& input : draft_.inputs_now(variable.merge)) {
      if (input.is_control() || structure.kind(input.node) != FlowKind::next) continue;
      made.gives[1].push_back(tensors_.origin(draft_.inputs_now(input.node)[0]));
      note_effects(input.node, made);
    }
    for (const NodeId exit : variable.exits) {
      of_[exit] = id;
      results_[key_of({exit, 0})] = number;
    }
  }
  for (const NodeId enter : structure.frames()[frame].enters) {
    for (const Edge& input : draft_.inputs_now(enter)) {
      if (input.is_control() && !tensors_.is_waited_for_in_vain(input.node)) made.wait_for(input.node);
    }
  }
  if (const RaiseShapes* shapes = tensors_.shapes()) made.most_rounds = most_rounds(tensors_, made, *shapes);
  all_.push_back(std::move(made));
}

void Constructs::note_effects(NodeId next, Construct& loop) {
  for (const Edge& input : draft_.inputs_now(next)) {
    const bool counts = input.is_control() && tensors_.holds_up(input.node) &&
                        tensors_.home(input.node) == loop.inside[1] &&
                        std::ranges::find(loop.effects, input.node) == loop.effects.end();
    if (counts) loop.effects.push_back(input.node);
  }
}

NodeId Constructs::find(NodeId id) {
  while (parents_[id] != id) {
    parents_[id] = parents_[parents_[id]];
    id = parents_[id];
  }
  return id;
}

// What may as well be had twice does not make one If of two.
bool Constructs::joins(NodeId node, ContextId branch) const {
  const ContextId own = contexts_.of(node);
  const ContextTree& tree = contexts_.tree();
  if (tree.depth(own) < tree.depth(branch) || tree.at_depth(own, tree.depth(branch)) != branch) return false;
  return own != branch || !tensors_.is_waited_for_in_vain(node);
}

void Constructs::unite(std::uint32_t depth) {
  const ContextTree& tree = contexts_.tree();
  parents_.resize(draft_.id_limit());
  std::iota(parents_.begin(), parents_.end(), NodeId{0});
  for (NodeId id = 0; id < parents_.size(); ++id) {
    const ContextId own = contexts_.of(id);
    if (tree.depth(own) < depth) continue;
    const ContextId branch = tree.at_depth(own, depth);
    if (!tree.is_branch(branch) || apart_.contains(contexts_.outermost(branch)) || !joins(id, branch))
      continue;
    for (const Edge& input : draft_.inputs_now(id)) {
      if (joins(input.node, branch)) unite(id, input.node);
    }
  }
}

void Constructs::add_conds(std::uint32_t depth) {
  unite(depth);
  const ContextTree& tree = contexts_.tree();
  std::vector<NodeId> here;
  for (const NodeId merge : merges_) {
    if (tree.depth(contexts_.of(merge)) + 1 == depth) here.push_back(merge);
  }
  for (const NodeId merge : here) {
    if (apart_.contains(contexts_.outermost(contexts_.behind(draft_.inputs_now(merge)[0])))) continue;
    for (const Edge& input : draft_.inputs_now(merge).first(2)) {
      if (joins(input.node, contexts_.behind(input))) unite(merge, input.node);
    }
  }
  std::map<NodeId, ConstructId> by_root;
  for (const NodeId merge : here) {
    const auto [known, is_new] = by_root.try_emplace(find(merge), static_cast<ConstructId>(all_.size()));
    if (is_new) {
      const Contexts::Cond& cond = contexts_.cond(contexts_.behind(draft_.inputs_now(merge)[0]));
      Construct made;
      made.around = cond.outer;
      made.inside = {cond.branch(0), cond.branch(1)};
      made.place = merge;
      made.name = name_for(merge, "thaw_if");
      made.predicate = tensors_.origin(cond.predicate);
      all_.push_back(std::move(made));
    }
    of_[merge] = known->second;
    add_merge(merge, all_[known->second]);
  }
}

void Constructs::add_merge(NodeId merge, Construct& cond) {
  const auto add = [&](std::uint32_t port) {
    results_[key_of({merge, port})] = static_cast<std::uint32_t>(cond.merges.size());
    cond.merges.push_back({merge, port});
    cond.types.push_back(tensors_.type({merge, port}));
    for (std::uint32_t place = 0; place < 2; ++place) {
      const Edge input = draft_.inputs_now(merge)[place];
      const unsigned branch = contexts_.tree().branch(contexts_.behind(input));
      cond.gives[branch].push_back(port == 0 ? tensors_.origin(input) : Edge{kNoNode, place});
    }
  };
  add(0);
  if (!draft_.consumers_of({merge, 1}).empty()) add(1);
  for (const Edge& input : draft_.inputs_now(merge)) {
    if (input.is_control() && tensors_.home(input.node) == cond.around &&
        !tensors_.is_waited_for_in_vain(input.node))
      cond.wait_for(input.node);
  }
}

}  // namespace thaw::internal
