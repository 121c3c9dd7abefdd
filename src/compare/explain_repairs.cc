#include "compare/explain_repairs.h"

#include <algorithm>
#include <unordered_set>

#include "draft/flow_structure.h"

namespace thaw::internal {

namespace {

bool is_repair(Bytes rule) { return rule.size() == 2 && (rule[0] == 'X' || rule[0] == 'H'); }

// The others only make nodes take what those that they add pass on; of these there may be very many.
bool changes_node(Bytes rule) { return rule != "X0" && rule != "X2" && rule != "X3"; }

bool holds(const std::vector<NodeId>& sorted, NodeId id) { return std::ranges::binary_search(sorted, id); }

}  // namespace

RepairExplainer::RepairExplainer(const Draft& draft, const WrittenGraph& written,
                                 const std::vector<NodeId>& image)
    : draft_(draft), was_(draft.base()), is_(written), image_(image) {
  std::unordered_set<Bytes> added;
  for (auto id = static_cast<NodeId>(was_.node_count()); id < draft.id_limit(); ++id) {
    if (!draft.is_removed(id)) added.insert(draft.name_view(id));
  }
  for (const ChangeView& change : draft.changes()) {
    // What a new node is for is said first; later it may take something else, as old ones do.
    const bool is_new = added.erase(change.node) > 0;
    if (!is_repair(change.rule)) continue;
    if (!is_new && !changes_node(change.rule)) continue;
    const NodeId id = is_new ? kNoNode : draft.find(change.node);
    if (id != kNoNode) {
      changed_.emplace(change.rule, id);
    } else if (const NodeId now = written.find(change.node); now != kNoNode) {
      (change.rule == "X3" ? split_ : change.rule == "X7" ? paired_ : passing_).push_back(now);
    }
  }
  std::ranges::sort(passing_);
  std::ranges::sort(split_);
  std::ranges::sort(paired_);
}

bool RepairExplainer::has_change(const char* rule, NodeId id) const { return changed_.contains({rule, id}); }

bool RepairExplainer::passes_on(NodeId now) const {
  if (!holds(passing_, now) || is_.inputs(now).empty()) return false;
  switch (flow_kind_of(is_.op(now))) {
    case FlowKind::identity:
    case FlowKind::branch:
      return true;
    case FlowKind::enter: {
      const std::optional<Bytes> constant = is_.attr(now, "is_constant");
      return constant && attr_as_bool(*constant).value_or(false);
    }
    default:
      return false;
  }
}

Edge RepairExplainer::source(Edge edge) const {
  while (passes_on(edge.node)) {
    const Edge before = is_.inputs(edge.node)[0];
    if (before.is_control()) break;
    edge = {before.node, edge.is_control() ? kControl : before.port};
  }
  return edge;
}

bool RepairExplainer::is_second_exit(NodeId id, NodeId now) const {
  const Bytes op = was_.op(id);
  if (flow_kind_of(op) != FlowKind::exit || flow_kind_of(is_.op(now)) != FlowKind::identity) return false;
  const std::span<const Edge> before = was_.inputs(id);
  const std::vector<Edge> after = is_.inputs(now);
  if (!has_change("X1", id) || before.empty() || before.size() != after.size()) return false;
  for (std::size_t i = 1; i < before.size(); ++i) {
    if (after[i] != image_of(before[i])) return false;
  }
  const NodeId first = after[0].node;
  return is_.op(first) == op && !is_.inputs(first).empty() && is_.inputs(first)[0] == image_of(before[0]);
}

// It passes on whichever input is alive: their order shows in value_index alone, and nobody reads that.
bool RepairExplainer::is_turned_merge(NodeId id, NodeId now) const {
  const std::span<const Edge> before = was_.inputs(id);
  const std::vector<Edge> after = is_.inputs(now);
  const bool turned = has_change("X4", id) && before.size() >= 2 && before.size() == after.size() &&
                      unsplit(before, after[0]) == image_of(before[1]) &&
                      unsplit(before, after[1]) == image_of(before[0]);
  if (!turned || flow_kind_of(is_.op(now)) != FlowKind::merge) return false;
  for (std::size_t i = 2; i < before.size(); ++i) {
    if (!before[i].is_control() || after[i] != image_of(before[i])) return false;
  }
  return !index_is_read(id);
}

// The same holds for Merges of Merges: one input is alive, and it comes through.
bool RepairExplainer::is_paired_merge(NodeId id, NodeId now) const {
  if (!has_change("X7", id) || index_is_read(id)) return false;
  std::vector<Edge> before, after, work{{now, 0}};
  std::vector<Edge> waits_before, waits_after;
  for (const Edge& input : was_.inputs(id))
    (input.is_control() ? waits_before : before).push_back(image_of(input));
  while (!work.empty()) {
    const NodeId merge = work.back().node;
    work.pop_back();
    // More than it was: Merges in a circle.
    const bool fits = work.size() + after.size() < before.size();
    if (!fits || flow_kind_of(is_.op(merge)) != FlowKind::merge) return false;
    for (const Edge& input : is_.inputs(merge)) {
      const Edge from = unsplit(was_.inputs(id), input);
      const bool pair = from.port == 0 && holds(paired_, from.node);
      (input.is_control() ? waits_after : pair ? work : after).push_back(from);
    }
  }
  const auto order = [](const Edge& a, const Edge& b) {
    return std::pair(a.node, a.port) < std::pair(b.node, b.port);
  };
  std::ranges::sort(before, order);
  std::ranges::sort(after, order);
  return before == after && waits_before == waits_after;
}

bool RepairExplainer::index_is_read(NodeId merge) const {
  const auto reads_it = [&](const Edge& consumer) {
    return !consumer.is_control() && draft_.inputs(consumer.node)[consumer.port] == Edge{merge, 1};
  };
  return std::ranges::any_of(draft_.consumers_now(merge), reads_it);
}

bool RepairExplainer::explains_inputs(NodeId id, NodeId now, bool is_variable) const {
  if (is_variable) {
    const auto control = [](const Edge& edge) { return edge.is_control(); };
    return has_change("H1", id) && is_.inputs(now).empty() && std::ranges::all_of(was_.inputs(id), control);
  }
  return is_second_exit(id, now) || is_turned_merge(id, now) || is_paired_merge(id, now);
}

bool RepairExplainer::is_split(const Edge& before, const Edge& after) const {
  const NodeId guard = image_[before.node];
  const auto from = [this](const Edge& input) { return source(input); };
  return after.port == before.port && !after.is_control() && holds(split_, after.node) &&
         is_.op(after.node) == is_.op(guard) &&
         std::ranges::equal(is_.inputs(after.node), is_.inputs(guard), {}, from, from);
}

Edge RepairExplainer::unsplit(std::span<const Edge> before, const Edge& after) const {
  const Edge from = source(after);
  if (!holds(split_, from.node)) return from;
  const auto guard = std::ranges::find_if(
      before, [&](const Edge& edge) { return !edge.is_control() && is_split(edge, from); });
  return guard == before.end() ? from : image_of(*guard);
}

NodeId RepairExplainer::tied_to(NodeId id, NodeId now) const {
  if (!has_change("H2", id) || is_.op(now) != "Identity" || is_.inputs(now).empty()) return kNoNode;
  const std::span<const Edge> before = was_.inputs(id);
  const std::vector<Edge> all = is_.inputs(now);
  const std::span<const Edge> after = std::span(all).subspan(1);
  const bool same_anchors = std::ranges::equal(
      before, after, [&](const Edge& a, const Edge& b) { return image_of(a) == b && a.is_control(); });
  Edge from = source(all[0]);
  if (is_.op(from.node) == "ReadVariableOp") from = is_.inputs(from.node)[0];
  const NodeId constant = draft_.find(is_.name(from.node));
  const bool whole = same_anchors && constant != kNoNode && !draft_.is_added(constant) && from.port == 0;
  return whole && image_[constant] == from.node ? constant : kNoNode;
}

}  // namespace thaw::internal
