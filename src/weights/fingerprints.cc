#include "weights/fingerprints.h"

#include <algorithm>

#include "names/scopes.h"
#include "ops/op_slots.h"
#include "ops/weight_slots.h"
#include "weights/anchors.h"

namespace thaw::internal {

namespace {

bool is_grappler_name(Bytes name) {
  return name.starts_with("ConstantFolding/") || name.find("-LayoutOptimizer") != Bytes::npos ||
         name.ends_with("/merged_input") || name.find("ArithmeticOptimizer/") != Bytes::npos;
}

bool is_optimizer_op(Bytes op) { return op.starts_with("_Fused") || op == "Prelu"; }

bool is_normalisation_name(Bytes name) {
  const Bytes last = last_component(name);
  return last.starts_with("FusedBatchNorm") || last.starts_with("BatchNorm") || last.starts_with("batchnorm");
}

bool is_product_name(Bytes name) {
  const Bytes last = last_component(name);
  return last == "Mul" || last == "mul" || last.starts_with("mul_") || last.starts_with("Mul_");
}

bool has_folded_offset(const Graph& graph, NodeId op) {
  for (const Edge& consumer : graph.consumers(op)) {
    if (consumer.port != 0 || !graph.op(consumer.node).starts_with("BiasAdd")) continue;
    if (is_normalisation_name(graph.name(consumer.node))) return true;
    const auto inputs = graph.inputs(consumer.node);
    if (inputs.size() < 2) continue;
    const Bytes offset = graph.name(inputs[1].node);
    if (offset.ends_with("_bn_offset") || offset.ends_with("/Offset")) return true;
  }
  return false;
}

}  // namespace

Fingerprints take_fingerprints(const Graph& graph, const std::vector<NodeId>& proven) {
  Fingerprints marks;
  marks.proven_reads = !proven.empty();
  for (NodeId id = 0; id < graph.node_count() && !marks.compressed; ++id) {
    marks.compressed = is_grappler_name(graph.name(id)) || is_optimizer_op(graph.op(id)) ||
                       (graph.op(id) == "Const" && constant_at_anchor(graph, id) != kNoNode);
    marks.optimized |= marks.compressed || graph.name(id).find("__cf__") != Bytes::npos;
  }
  marks.devices_tell =
      !proven.empty() && std::ranges::all_of(proven, [&](NodeId id) { return graph.device(id).empty(); });
  return marks;
}

bool is_folded(const Graph& graph, NodeId constant) {
  const Bytes name = graph.name(constant);
  if (name.ends_with("_bn_offset") || name.ends_with("/merged_input") || name.ends_with("/Scaled")) {
    return true;
  }
  if (last_component(name) == "Offset" && is_normalisation_name(parent_scope(name))) return true;
  for (const Edge& consumer : graph.consumers(constant)) {
    if (consumer.is_control()) continue;
    const Bytes op = graph.op(consumer.node);
    if (op.starts_with("BiasAdd") && consumer.port == 1 && is_normalisation_name(graph.name(consumer.node)))
      return true;
    const WeightSlot* row = find_weight_slot(op, consumer.port);
    if (row == nullptr || row->part != Part::kernel) continue;
    if (is_product_name(graph.name(consumer.node)) && op.find("Conv") != Bytes::npos) return true;
    if (has_folded_offset(graph, consumer.node)) return true;
  }
  return false;
}

}  // namespace thaw::internal
