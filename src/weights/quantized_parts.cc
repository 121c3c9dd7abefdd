#include "weights/quantized_parts.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <tuple>

#include "messages/attr_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

using Slots = std::vector<std::uint32_t>;

Slots slots_in(std::uint32_t mask) {
  Slots slots;
  for (std::uint32_t slot = 0; slot < 32; ++slot) {
    if ((mask >> slot & 1) != 0) slots.push_back(slot);
  }
  return slots;
}

// Of a node: which inputs are quantized tensors, and where the two ends of the range of each come in.
struct Roles {
  Slots tensors, ranges;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;  // by tensor
};

// QuantizedConcat: the axis, then N tensors, their N lowest and their N highest.
Roles roles_of_concat(std::uint32_t inputs) {
  Roles roles;
  const std::uint32_t count = inputs == 0 ? 0 : (inputs - 1) / 3;
  for (std::uint32_t i = 0; i < count; ++i) {
    roles.tensors.push_back(1 + i);
    roles.ends.emplace_back(1 + count + i, 1 + 2 * count + i);
  }
  for (std::uint32_t slot = 1 + count; slot < 1 + 3 * count; ++slot) roles.ranges.push_back(slot);
  return roles;
}

Roles roles_of(const QuantizedOp& row, std::uint32_t inputs) {
  if (row.op == "QuantizedConcat") return roles_of_concat(inputs);
  Roles roles{slots_in(row.tensors), slots_in(row.ranges), {}};
  for (std::size_t i = 0; i < roles.tensors.size(); ++i)
    roles.ends.emplace_back(roles.ranges[2 * i], roles.ranges[2 * i + 1]);
  return roles;
}

bool holds(const Slots& slots, std::uint32_t slot) { return std::ranges::find(slots, slot) != slots.end(); }

// What quantize_graph.py and the Graph Transform Tool's quantize_weights put behind a weight's name.
std::string name_of_floats(Bytes name) {
  for (const Bytes tail : {Bytes("_quint8_const"), Bytes("_quantized_const")}) {
    if (name.size() > tail.size() && name.ends_with(tail))
      return std::string(name.substr(0, name.size() - tail.size()));
  }
  return std::string(name) + "/floats";
}

class PartFinder {
 public:
  explicit PartFinder(const Graph& graph)
      : graph_(graph), rows_(graph.node_count()), parent_(graph.node_count()) {
    std::iota(parent_.begin(), parent_.end(), NodeId{0});
  }

  QuantizedParts run() {
    for (NodeId id = 0; id < graph_.node_count(); ++id) rows_[id] = row_of(id);
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (rows_[id] != nullptr) look_at(id);
    }
    gather();
    return std::move(found_);
  }

 private:
  const QuantizedOp* row_of(NodeId id) const {
    const QuantizedOp* row = find_quantized_op(graph_.op(id));
    const bool of_constant = row != nullptr && row->kind == QuantizedKind::dequantizes && is_of_constant(id);
    return of_constant ? nullptr : row;
  }

  bool is_of_constant(NodeId id) const {
    std::vector<NodeId> way;
    const std::span<const Edge> inputs = graph_.inputs(id);
    return !inputs.empty() && constant_through_identities(graph_, inputs[0], way) != kNoNode;
  }

  bool is_member(NodeId id) const { return rows_[id] != nullptr; }

  NodeId root(NodeId id) {
    while (parent_[id] != id) id = parent_[id] = parent_[parent_[id]];
    return id;
  }

  void fail(NodeId id, std::string why) { faults_.push_back({id, std::move(why), 0}); }

  void look_at(NodeId id) {
    const QuantizedOp& row = *rows_[id];
    const std::uint32_t inputs = data_input_count(graph_.inputs(id));
    const Roles roles = roles_of(row, inputs);
    QuantizedNode node{id, {}, roles.ranges, std::nullopt};
    const bool complete = !roles.ranges.empty() && roles.ranges.back() < inputs &&
                          (roles.tensors.empty() || roles.tensors.back() < inputs);
    if (!complete) return fail(id, "has too few inputs");
    if (const std::string fault = fault_of(id); !fault.empty()) fail(id, fault);
    for (std::size_t i = 0; i < roles.tensors.size(); ++i) take_tensor(node, roles.tensors[i], roles.ends[i]);
    for (const std::uint32_t slot : roles.ranges) join(id, graph_.inputs(id)[slot].node);
    look_at_takers(id);
    node.limits = limits_of(id);
    nodes_.push_back(std::move(node));
  }

  void join(NodeId a, NodeId b) {
    if (is_member(b)) parent_[root(a)] = root(b);
  }

  // Settings that the float operation does not have.
  std::string fault_of(NodeId id) const {
    const Bytes op = graph_.op(id);
    const auto padding = graph_.attr(id, "padding");
    if (padding && attr_as_string(*padding) == Bytes("EXPLICIT")) return "has paddings of its own";
    if (op == "Dequantize" && graph_.type_attr(id, "dtype").value_or(DType::float32) != DType::float32)
      return "gives " + std::string(name_of(graph_.type_attr(id, "dtype").value_or(DType::invalid)));
    return "";
  }

  bool gives_tensor(NodeId id, std::uint32_t port) const {
    const QuantizedKind kind = rows_[id]->kind;
    return port == 0 && kind != QuantizedKind::dequantizes && kind != QuantizedKind::measures;
  }

  void take_tensor(QuantizedNode& node, std::uint32_t slot, std::pair<std::uint32_t, std::uint32_t> ends) {
    const Edge input = graph_.inputs(node.node)[slot];
    if (is_member(input.node) && gives_tensor(input.node, input.port)) return join(node.node, input.node);
    const std::optional<std::size_t> constant = constant_of(node.node, slot, ends);
    if (!constant) return fail(node.node, "takes " + thaw::quoted(graph_.name(input.node)) + " in few bits");
    node.constants[slot] = *constant;
  }

  std::optional<std::size_t> constant_of(NodeId id, std::uint32_t slot,
                                         std::pair<std::uint32_t, std::uint32_t> ends) {
    const std::span<const Edge> inputs = graph_.inputs(id);
    std::vector<NodeId> way;
    const NodeId constant = constant_through_identities(graph_, inputs[slot], way);
    const NodeId low = constant_through_identities(graph_, inputs[ends.first], way);
    const NodeId high = constant_through_identities(graph_, inputs[ends.second], way);
    if (constant == kNoNode || low == kNoNode || high == kNoNode) return std::nullopt;
    const auto key = std::tuple(constant, low, high);
    if (const auto known = constants_.find(key); known != constants_.end()) return known->second;
    const auto lows = floats_of(graph_, low, 1), highs = floats_of(graph_, high, 1);
    if (!lows || !highs) return std::nullopt;
    Dequantization by;
    by.mode = DequantizeMode::min_first;
    by.lows = *lows;
    by.highs = *highs;
    std::optional<CompactWeight> weight = dequantized_constant(graph_, constant, by);
    if (!weight) return std::nullopt;
    way.insert(way.end(), {constant, low, high});
    found_.constants.push_back(
        {constant, std::move(way), name_of_floats(graph_.name(constant)), std::move(*weight)});
    return constants_.emplace(key, found_.constants.size() - 1).first->second;
  }

  // Whoever takes the numbers of few bits, or their range, has to be written as floats, too.
  void look_at_takers(NodeId id) {
    const QuantizedKind kind = rows_[id]->kind;
    if (kind == QuantizedKind::dequantizes) return;
    bool is_taken = kind == QuantizedKind::measures;
    for (const Edge& taker : graph_.consumers(id)) {
      if (taker.is_control()) {
        if (kind == QuantizedKind::measures) fail(id, "is waited for");
        continue;
      }
      is_taken = true;
      if (is_member(taker.node) && fits(id, taker)) {
        join(id, taker.node);
      } else {
        fail(taker.node, "takes numbers of few bits, or their range", id);
      }
    }
    if (!is_taken) fail(id, "gives numbers of few bits that nothing takes");
  }

  bool fits(NodeId id, const Edge& taker) const {
    const std::span<const Edge> inputs = graph_.inputs(taker.node);
    const Roles roles = roles_of(*rows_[taker.node], data_input_count(inputs));
    return holds(gives_tensor(id, inputs[taker.port].port) ? roles.tensors : roles.ranges, taker.port);
  }

  // `node` stands in the way of the part that `of` belongs to.
  void fail(NodeId node, std::string why, NodeId of) {
    faults_.push_back({node, std::move(why), 0});
    elsewhere_[faults_.size() - 1] = of;
  }

  // What floats beyond a constant range became; nothing where the range is measured.
  std::optional<std::pair<float, float>> limits_of(NodeId id) const {
    const Bytes op = graph_.op(id);
    const bool is_target = op == "Requantize";
    if (rows_[id]->kind != QuantizedKind::quantizes && !is_target) return std::nullopt;
    const std::span<const Edge> inputs = graph_.inputs(id);
    const std::size_t first = is_target ? 3 : 1;
    std::vector<NodeId> way;
    const NodeId low = constant_through_identities(graph_, inputs[first], way);
    const NodeId high = constant_through_identities(graph_, inputs[first + 1], way);
    if (low == kNoNode || high == kNoNode) return std::nullopt;
    const auto lows = floats_of(graph_, low, 1), highs = floats_of(graph_, high, 1);
    if (!lows || !highs) return std::nullopt;
    return limits(id, lows->front(), highs->front());
  }

  // core/kernels/quantize_op.cc: zero is always in the range, which of signed numbers in the mode SCALED is
  // as wide on either side of it.
  std::pair<float, float> limits(NodeId id, float low, float high) const {
    const auto mode = graph_.attr(id, "mode");
    if (mode && attr_as_string(*mode) == Bytes("SCALED")) {
      const float most = std::max(std::abs(low), std::abs(high));
      const DType type = graph_.type_attr(id, "T").value_or(DType::quint8);
      const bool is_signed = type != DType::quint8 && type != DType::quint16;
      return {is_signed ? -most : 0.0F, is_signed ? most : std::max(0.0F, high)};
    }
    return {std::min(0.0F, low), std::max(0.0F, high)};
  }

  void gather() {
    std::map<NodeId, QuantizedPartLeft> faulty;
    for (std::size_t i = 0; i < faults_.size(); ++i) {
      const auto elsewhere = elsewhere_.find(i);
      const NodeId member = elsewhere == elsewhere_.end() ? faults_[i].node : elsewhere->second;
      faulty.emplace(root(member), faults_[i]);
    }
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (const auto part = is_member(id) ? faulty.find(root(id)) : faulty.end(); part != faulty.end())
        ++part->second.nodes;
    }
    std::erase_if(nodes_, [&](const QuantizedNode& node) { return faulty.contains(root(node.node)); });
    found_.nodes = std::move(nodes_);
    for (auto& [id, part] : faulty) found_.left.push_back(std::move(part));
  }

  const Graph& graph_;
  std::vector<const QuantizedOp*> rows_;
  std::vector<NodeId> parent_;
  std::vector<QuantizedPartLeft> faults_;
  std::map<std::size_t, NodeId> elsewhere_;  // by fault: a member of the part that it is about
  std::map<std::tuple<NodeId, NodeId, NodeId>, std::size_t> constants_;
  std::vector<QuantizedNode> nodes_;
  QuantizedParts found_;
};

}  // namespace

QuantizedParts find_quantized_parts(const Graph& graph) { return PartFinder(graph).run(); }

}  // namespace thaw::internal
