#include "weights/uses.h"

#include <algorithm>
#include <unordered_set>

#include "weights/loop_invariants.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kVisitLimit = 4096;

bool is_joining(Bytes op) {
  return op == "ConcatV2" || op == "Concat" || op == "Pack" || op == "ParallelConcat" || op == "IdentityN";
}

// N7: an attribute says that nothing is read from the slot.
bool is_dead(const Graph& graph, NodeId id, std::uint32_t slot, Part part) {
  const Bytes op = graph.op(id);
  const auto flag = [&](Bytes key) {
    const std::optional<Bytes> value = graph.attr(id, key);
    return value ? attr_as_bool(*value) : std::nullopt;
  };
  if (part == Part::peephole) return !flag("use_peephole").value_or(false);
  const bool statistic = part == Part::mean || part == Part::variance;
  if (statistic && op.find("FusedBatchNorm") != Bytes::npos) return flag("is_training").value_or(true);
  if (slot >= 2 && part == Part::bias && op.starts_with("_Fused")) {
    const std::optional<Bytes> fused = graph.attr(id, "fused_ops");
    const std::vector<Bytes> steps = fused ? attr_as_strings(*fused) : std::vector<Bytes>{};
    return std::ranges::find(steps, "BiasAdd") == steps.end() &&
           std::ranges::find(steps, "FusedBatchNorm") == steps.end();
  }
  return false;
}

class UseFinder {
 public:
  UseFinder(const Graph& graph, const DataFlow& flow) : graph_(graph), flow_(flow) {}

  std::vector<Use> run(NodeId constant) {
    work_.push_back({constant, false, false});
    seen_.insert(constant);
    while (!work_.empty() && seen_.size() < kVisitLimit) {
      const Step step = work_.back();
      work_.pop_back();
      for (const Edge& consumer : graph_.consumers(step.node)) {
        if (!consumer.is_control()) visit(step, consumer);
      }
    }
    return std::move(uses_);
  }

 private:
  struct Step {
    NodeId node;
    bool through_region, stops_gradient;
  };

  void visit(const Step& step, const Edge& consumer) {
    const Bytes op = graph_.op(consumer.node);
    const std::uint32_t inputs = data_input_count(graph_.inputs(consumer.node));
    Use use{consumer.node, consumer.port,       UseKind::other,     Part::kernel,
            kNoNode,       step.through_region, step.stops_gradient};
    if (is_structural_slot(op, consumer.port, inputs)) {
      use.kind = UseKind::structural;
    } else if (const WeightSlot* row = find_weight_slot(op, consumer.port);
               row != nullptr && classify_weight(*row, use)) {
      // classified
    } else if (is_loop_invariant(graph_, consumer.node)) {
      return follow(step, consumer.node, step.through_region);
    } else if (!flow_.depends_on_data(consumer.node)) {
      if (is_transparent(op, consumer.port, inputs)) return follow(step, consumer.node, step.through_region);
      if (!graph_.consumers(consumer.node).empty()) return follow(step, consumer.node, true);
    } else if (is_transparent(op, consumer.port, inputs) && !is_joining(op)) {
      return follow(step, consumer.node, step.through_region);
    } else if (is_arithmetic(op)) {
      use.data = other_operand(consumer);
      if (use.data != kNoNode) use.kind = UseKind::arithmetic;
    } else if (is_call(op)) {
      use.kind = UseKind::call;
    }
    uses_.push_back(use);
  }

  bool classify_weight(const WeightSlot& row, Use& use) {
    use.part = row.part;
    if (is_dead(graph_, use.node, use.slot, row.part)) {
      use.kind = UseKind::dead;
      return true;
    }
    const auto inputs = graph_.inputs(use.node);
    if (static_cast<std::size_t>(row.data_slot) >= inputs.size()) return false;
    const Edge& data = inputs[static_cast<std::size_t>(row.data_slot)];
    if (row.part == Part::range) {  // of weights as of data
      use.kind = UseKind::weight;
      use.data = data.node;
      return true;
    }
    const bool left_factor = row.slot == 0 && row.part == Part::kernel;
    if (!flow_.depends_on_data(data.node) && (flow_.has_data() || left_factor)) return false;
    use.kind = UseKind::weight;
    use.data = data.node;
    return true;
  }

  NodeId other_operand(const Edge& consumer) const {
    std::uint32_t slot = 0;
    for (const Edge& input : graph_.inputs(consumer.node)) {
      if (!input.is_control() && slot != consumer.port && flow_.depends_on_data(input.node))
        return input.node;
      ++slot;
    }
    return kNoNode;
  }

  void follow(const Step& step, NodeId node, bool through_region) {
    if (!seen_.insert(node).second) return;
    work_.push_back({node, through_region, step.stops_gradient || graph_.op(node) == "StopGradient"});
  }

  const Graph& graph_;
  const DataFlow& flow_;
  std::vector<Step> work_;
  std::unordered_set<NodeId> seen_;
  std::vector<Use> uses_;
};

}  // namespace

std::vector<Use> find_uses(const Graph& graph, const DataFlow& flow, NodeId constant) {
  return UseFinder(graph, flow).run(constant);
}

NodeId constant_behind(const Graph& graph, NodeId id) {
  for (int steps = 0; steps < 64; ++steps) {
    if (graph.op(id) == "Const") return id;
    const auto inputs = graph.inputs(id);
    if (inputs.empty() || inputs[0].is_control()) return kNoNode;
    if (!is_transparent(graph.op(id), 0, data_input_count(graph.inputs(id))) && !is_loop_invariant(graph, id))
      return kNoNode;
    id = inputs[0].node;
  }
  return kNoNode;
}

}  // namespace thaw::internal
