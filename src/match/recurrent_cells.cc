#include "match/recurrent_cells.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <set>

namespace thaw::internal {

namespace {

// What a weight goes through unchanged on its way into a loop, and a state on its way around it.
constexpr std::array<Bytes, 3> kReads = {"Identity", "Enter", "Switch"};
constexpr std::array<Bytes, 8> kRounds = {"Identity",      "Enter", "Switch", "Merge",
                                          "NextIteration", "Mul",   "Select", "SelectV2"};

bool is_one_of(Bytes op, std::span<const Bytes> ops) { return std::ranges::find(ops, op) != ops.end(); }
bool is_sum(Bytes op) { return op == "Add" || op == "AddV2"; }

// A look at a graph that gives up when something is not as it should be: `doubt` then says what.
class CellLook {
 public:
  explicit CellLook(const Graph& graph) : graph_(graph) {}

  CellFacts run(const CellWeights& cell) {
    if (cell.kernel == kNoNode) return doubt("its kernel is in parts");
    const std::vector<Edge> uses = uses_of(cell.kernel);
    if (uses.empty()) return doubt("nothing reads its kernel");
    facts_.joined = std::ranges::all_of(uses, [&](const Edge& use) { return is_joined(use); });
    for (std::size_t i = 0; i < uses.size(); ++i) {
      forget_ = 0;
      const std::string fault =
          cell.kind == CellKind::lstm ? look_at_lstm(uses[i], cell.bias) : look_at_gru(uses[i], cell);
      if (!fault.empty()) return doubt(fault);
      if (i > 0 && forget_ != facts_.forget) return doubt("its forget bias is not the same everywhere");
      facts_.forget = forget_;
    }
    return facts_;
  }

 private:
  CellFacts doubt(const std::string& why) {
    facts_.doubt = why;
    return facts_;
  }

  // Who takes the value, past what only passes it on.
  std::vector<Edge> uses_of(NodeId id) const {
    std::vector<Edge> uses;
    std::vector<NodeId> next{id};
    std::set<NodeId> seen;
    while (!next.empty()) {
      const NodeId now = next.back();
      next.pop_back();
      if (!seen.insert(now).second) continue;
      for (const Edge& use : graph_.consumers(now)) {
        if (use.is_control()) continue;
        if (is_one_of(graph_.op(use.node), kReads)) {
          next.push_back(use.node);
        } else {
          uses.push_back(use);
        }
      }
    }
    return uses;
  }

  NodeId input(NodeId id, std::size_t slot) const {
    const std::span<const Edge> inputs = graph_.inputs(id);
    return slot < inputs.size() && !inputs[slot].is_control() ? inputs[slot].node : kNoNode;
  }

  // The constant that comes in at `slot`; kNoNode when it is none.
  NodeId constant(NodeId id, std::size_t slot) const {
    NodeId now = input(id, slot);
    for (int steps = 0; now != kNoNode && steps < 16; ++steps) {
      if (graph_.op(now) == "Const") return now;
      if (!is_one_of(graph_.op(now), kReads)) return kNoNode;
      now = input(now, 0);
    }
    return kNoNode;
  }

  // Who takes this output; control edges left out.
  std::vector<Edge> users(NodeId id, std::uint32_t output = 0) const {
    std::vector<Edge> found;
    for (const Edge& use : graph_.consumers(id)) {
      if (!use.is_control() && graph_.inputs(use.node)[use.port].port == output) found.push_back(use);
    }
    return found;
  }

  NodeId only_user(NodeId id, Bytes op, std::uint32_t output = 0, std::uint32_t slot = 0) const {
    const std::vector<Edge> found = users(id, output);
    const bool is = found.size() == 1 && graph_.op(found[0].node) == op && found[0].port == slot;
    return is ? found[0].node : kNoNode;
  }

  bool flag(NodeId id, Bytes key) const {
    const std::optional<Bytes> attr = graph_.attr(id, key);
    return attr && attr_as_bool(*attr).value_or(false);
  }

  double float_attr(NodeId id, Bytes key, double otherwise) const {
    const std::optional<Bytes> attr = graph_.attr(id, key);
    if (!attr) return otherwise;
    const AttrView view = view_attr(*attr);
    return view.kind == AttrKind::f
               ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(view.scalar)))
               : otherwise;
  }

  // A float or double of one element.
  std::optional<double> number(NodeId id) const {
    if (id == kNoNode || graph_.has_large_tensor(id)) return std::nullopt;
    const Value value = graph_.tensor(id, "value").value;
    if (value.element_count() != 1) return std::nullopt;
    const std::string bytes = value.bytes();
    float single = 0;
    double number = 0;
    if (value.dtype() == DType::float32) {
      std::memcpy(&single, bytes.data(), sizeof single);
      return single;
    }
    if (value.dtype() != DType::float64) return std::nullopt;
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
  }

  bool is_joined(const Edge& use) const {
    if (graph_.op(use.node) == "LSTMBlockCell" || graph_.op(use.node) == "BlockLSTM") return true;
    const NodeId joined = input(use.node, 0);
    return graph_.op(use.node) == "MatMul" && joined != kNoNode && graph_.op(joined) == "ConcatV2";
  }

  // [x, h] kernel + bias: the sum, or kNoNode.
  NodeId product_and_bias(const Edge& use, NodeId bias) const {
    if (graph_.op(use.node) != "MatMul" || use.port != 1) return kNoNode;
    if (flag(use.node, "transpose_a") || flag(use.node, "transpose_b")) return kNoNode;
    const NodeId joined = input(use.node, 0);
    if (joined == kNoNode || graph_.op(joined) != "ConcatV2" || input(joined, 2) == kNoNode) return kNoNode;
    const NodeId sum = only_user(use.node, "BiasAdd");
    return sum != kNoNode && constant(sum, 1) == bias ? sum : kNoNode;
  }

  // The state behind `id` comes around as the second part of what `joined` joins.
  bool is_state_first(NodeId id, NodeId joined) const {
    std::vector<NodeId> next{id};
    std::set<NodeId> seen;
    bool first = false, second = false;
    while (!next.empty()) {
      const NodeId now = next.back();
      next.pop_back();
      if (!seen.insert(now).second) continue;
      for (const Edge& use : graph_.consumers(now)) {
        if (use.is_control()) continue;
        if (use.node == joined) (use.port == 0 ? first : second) = true;
        if (is_one_of(graph_.op(use.node), kRounds)) next.push_back(use.node);
      }
    }
    return first && !second;
  }

  std::string look_at_block(NodeId id, std::size_t bias_slot, NodeId bias) {
    if (constant(id, bias_slot) != bias) return "its bias is another one";
    if (flag(id, "use_peephole")) return "it has peepholes";
    if (float_attr(id, "cell_clip", 3) > 0) return "it clips its state";
    forget_ = float_attr(id, "forget_bias", 1);
    return "";
  }

  std::string look_at_lstm(const Edge& use, NodeId bias) {
    const Bytes op = graph_.op(use.node);
    if (op == "LSTMBlockCell" && use.port == 3) return look_at_block(use.node, 7, bias);
    if (op == "BlockLSTM" && use.port == 4) return look_at_block(use.node, 8, bias);
    const NodeId sum = product_and_bias(use, bias);
    const NodeId split = sum == kNoNode ? kNoNode : only_user(sum, "Split", 0, 1);
    if (split == kNoNode || users(split, 3).empty()) return "its kernel is not used as that of an LSTM";
    const NodeId in = only_user(split, "Sigmoid", 0), out = only_user(split, "Sigmoid", 3);
    const std::vector<Edge> candidate = users(split, 1), forget = users(split, 2);
    if (in == kNoNode || out == kNoNode || candidate.size() != 1 || forget.size() != 1)
      return "its gates are not those of an LSTM";
    if (graph_.op(candidate[0].node) != "Tanh")
      return "its activation is " + std::string(graph_.op(candidate[0].node));
    if (!is_forget_gate(forget[0])) return "its forget gate is not that of an LSTM";
    const NodeId product = only_user(out, "Mul", 0, input_slot(out));
    if (product != kNoNode && is_state_first(product, input(use.node, 0))) return "its state comes first";
    return "";
  }

  // Of the only product that takes it.
  std::uint32_t input_slot(NodeId id) const {
    const std::vector<Edge> found = users(id);
    return found.size() == 1 ? found[0].port : 0;
  }

  bool is_forget_gate(const Edge& use) {
    if (graph_.op(use.node) == "Sigmoid") return true;
    if (!is_sum(graph_.op(use.node)) || only_user(use.node, "Sigmoid") == kNoNode) return false;
    const std::optional<double> added = number(constant(use.node, 1 - use.port));
    forget_ = added.value_or(0);
    return added.has_value();
  }

  std::string look_at_gru(const Edge& use, const CellWeights& cell) {
    const NodeId sum = product_and_bias(use, cell.bias);
    const NodeId gates = sum == kNoNode ? kNoNode : only_user(sum, "Sigmoid");
    const NodeId split = gates == kNoNode ? kNoNode : only_user(gates, "Split", 0, 1);
    if (split == kNoNode || !users(split, 2).empty()) return "its kernel is not used as that of a GRU";
    const std::vector<Edge> reset = users(split, 0), update = users(split, 1);
    if (reset.size() != 1 || graph_.op(reset[0].node) != "Mul" || !is_update_gate(update))
      return "its gates are not those of a GRU";
    const NodeId joined = only_user(reset[0].node, "ConcatV2", 0, 1);
    const NodeId product = joined == kNoNode ? kNoNode : only_user(joined, "MatMul");
    if (product == kNoNode || constant(product, 1) != cell.candidate_kernel)
      return "its candidate kernel is not used as that of a GRU";
    const NodeId candidate = product_and_bias({product, 1}, cell.candidate_bias);
    if (candidate == kNoNode || only_user(candidate, "Tanh") == kNoNode)
      return "its candidate is not that of a GRU";
    return "";
  }

  // u h and 1 - u.
  bool is_update_gate(const std::vector<Edge>& uses) const {
    if (uses.size() != 2) return false;
    const auto is_rest = [&](const Edge& use) { return graph_.op(use.node) == "Sub" && use.port == 1; };
    const auto is_share = [&](const Edge& use) { return graph_.op(use.node) == "Mul"; };
    return std::ranges::any_of(uses, is_rest) && std::ranges::any_of(uses, is_share);
  }

  const Graph& graph_;
  CellFacts facts_;
  double forget_ = 0;  // of the use that is looked at
};

}  // namespace

CellFacts look_at_cell(const Graph& graph, const CellWeights& cell) { return CellLook(graph).run(cell); }

}  // namespace thaw::internal
