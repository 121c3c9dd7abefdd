#include "draft/flow_structure.h"

#include <algorithm>
#include <array>

#include "messages/attr_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

struct FlowOp {
  Bytes op;
  FlowKind kind;
};

// By length: most operations are told apart from these by it alone.
constexpr auto kFlowOps = std::to_array<FlowOp>({{"Exit", FlowKind::exit},
                                                 {"Enter", FlowKind::enter},
                                                 {"Merge", FlowKind::merge},
                                                 {"Switch", FlowKind::branch},
                                                 {"RefExit", FlowKind::exit},
                                                 {"Identity", FlowKind::identity},
                                                 {"LoopCond", FlowKind::loop_cond},
                                                 {"RefEnter", FlowKind::enter},
                                                 {"RefMerge", FlowKind::merge},
                                                 {"RefSwitch", FlowKind::branch},
                                                 {"RefIdentity", FlowKind::identity},
                                                 {"NextIteration", FlowKind::next},
                                                 {"RefNextIteration", FlowKind::next}});
constexpr auto kLengthOf = [](const FlowOp& row) { return row.op.size(); };
static_assert(std::ranges::is_sorted(kFlowOps, {}, kLengthOf));

constexpr std::size_t kLongest = kFlowOps.back().op.size();
// The rows of names of `length` characters: from [length] to [length + 1].
constexpr auto kRowsOfLength = [] {
  std::array<std::uint8_t, kLongest + 2> rows{};
  for (const FlowOp& row : kFlowOps) {
    for (std::size_t length = row.op.size() + 1; length < rows.size(); ++length) ++rows[length];
  }
  return rows;
}();

bool begins_control_flow(FlowKind kind) { return kind == FlowKind::enter || kind == FlowKind::branch; }

void check_inputs(const Draft& draft, NodeId id, FlowKind kind) {
  if (kind == FlowKind::other || kind == FlowKind::identity) return;
  const std::uint32_t data = data_input_count(draft.inputs_now(id));
  const std::uint32_t wanted = kind == FlowKind::branch ? 2 : 1;
  if (kind == FlowKind::merge ? data >= wanted : data == wanted) return;
  throw Error(ErrorKind::malformed,
              "a " + std::string(draft.op(id)) + " with " + std::to_string(data) + " inputs",
              std::to_string(wanted) + (kind == FlowKind::merge ? " or more" : ""),
              "was the graph cut apart by a script?")
      .at("node " + thaw::quoted(draft.name_view(id)));
}

}  // namespace

FlowKind flow_kind_of(Bytes op) {
  if (op.size() > kLongest) return FlowKind::other;
  for (std::size_t row = kRowsOfLength[op.size()]; row < kRowsOfLength[op.size() + 1]; ++row) {
    if (kFlowOps[row].op == op) return kFlowOps[row].kind;
  }
  return FlowKind::other;
}

bool has_control_flow(const Draft& draft, NodeId from) {
  for (NodeId id = from; id < draft.id_limit(); ++id) {
    if (!draft.is_removed(id) && begins_control_flow(flow_kind_of(draft.op(id)))) return true;
  }
  return false;
}

FlowStructure::FlowStructure(const Draft& draft) : draft_(draft), flags_(draft.id_limit()) {
  read_kinds();
  if (!empty_) find_loop_nodes();
}

void FlowStructure::read_kinds() {
  for (NodeId id = 0; id < flags_.size(); ++id) {
    if (draft_.is_removed(id)) continue;
    const FlowKind kind = flow_kind_of(draft_.op(id));
    check_inputs(draft_, id, kind);
    flags_[id] = static_cast<std::uint8_t>(kind);
    if (kind == FlowKind::enter) read_enter(id);
    empty_ &= !begins_control_flow(kind);
  }
}

void FlowStructure::read_enter(NodeId id) {
  const std::optional<std::string> frame = draft_.attr(id, "frame_name");
  const std::string name(frame ? attr_as_string(*frame).value_or("") : "");
  const auto [place, is_new] = frame_by_name_.try_emplace(name, static_cast<std::uint32_t>(frames_.size()));
  if (is_new) frames_.push_back({name, {}});
  frames_[place->second].enters.push_back(id);
  frame_of_[id] = place->second;
  const std::optional<std::string> constant = draft_.attr(id, "is_constant");
  if (constant && attr_as_bool(*constant).value_or(false)) flags_[id] |= kConstantEnter;
}

void FlowStructure::find_loop_nodes() {
  for (NodeId id = 0; id < flags_.size(); ++id) {
    const auto inputs = draft_.inputs_now(id);
    if (kind(id) == FlowKind::merge) {
      const bool comes_round = std::ranges::any_of(inputs, [&](const Edge& input) {
        return !input.is_control() && kind(input.node) == FlowKind::next;
      });
      if (comes_round) flags_[id] |= kLoopMerge;
    } else if (kind(id) == FlowKind::branch && inputs.size() > 1 && !inputs[1].is_control()) {
      if (kind(origin(inputs[1]).node) == FlowKind::loop_cond) flags_[id] |= kLoopSwitch;
    }
  }
}

bool FlowStructure::is_pivot_switch(NodeId id) const {
  const auto inputs = draft_.inputs_now(id);
  return is_cond_switch(id) && inputs.size() > 1 && inputs[0] == inputs[1];
}

Edge FlowStructure::origin(Edge edge) const {
  std::vector<NodeId> way;
  while (!edge.is_control() && kind(edge.node) == FlowKind::identity) {
    const auto inputs = draft_.inputs_now(edge.node);
    if (inputs.empty() || inputs[0].is_control()) break;
    const auto [known, is_new] = origins_.try_emplace(edge.node, edge);
    if (!is_new) {
      edge = known->second;
      break;
    }
    way.push_back(edge.node);
    edge = inputs[0];
  }
  for (const NodeId id : way) origins_[id] = edge;
  return edge;
}

}  // namespace thaw::internal
