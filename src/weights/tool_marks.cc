#include "weights/tool_marks.h"

#include <array>

#include "names/scopes.h"
#include "weights/anchors.h"
#include "weights/direct_evidence.h"

namespace thaw::internal {

namespace {

bool has(Bytes text, Bytes part) { return text.find(part) != Bytes::npos; }

// The constant that an Identity reads, if it is one.
NodeId read_constant(const Graph& graph, NodeId id) {
  if (graph.op(id) != "Identity" || data_input_count(graph.inputs(id)) != 1) return kNoNode;
  const NodeId read = graph.inputs(id)[0].node;
  return graph.op(read) == "Const" ? read : kNoNode;
}

// python/framework/graph_util_impl.py: the variable becomes a constant of its name, X/read goes on reading
// it.
bool is_read(const Graph& graph, NodeId id) {
  const NodeId constant = read_constant(graph, id);
  return constant != kNoNode && graph.name(id).ends_with("/read") &&
         parent_scope(graph.name(id)) == graph.name(constant);
}

// The same of resource variables: ReadVariableOp becomes Identity.
bool is_resource_read(const Graph& graph, NodeId id) {
  const NodeId constant = read_constant(graph, id);
  return constant != kNoNode && is_read_variable_name(last_component(graph.name(id))) &&
         !graph.name(constant).ends_with("/resource");
}

// python/framework/convert_to_constants.py: the argument of a function becomes a constant of its name.
bool is_captured(const Graph& graph, NodeId id) {
  const Bytes name = graph.name(id);
  return graph.op(id) == "Const" &&
         (name.ends_with("/ReadVariableOp/resource") || name.ends_with("_readvariableop_resource"));
}

// core/common_runtime/inline_function_utils.cc
bool is_inlined(const Graph& graph, NodeId id) {
  const Bytes name = graph.name(id);
  return name.starts_with("Func/") && (has(name, "/input/_") || has(name, "/output/_"));
}

// core/common_runtime/constant_folding.cc
bool is_folded_by_runtime(const Graph& graph, NodeId id) { return has(graph.name(id), "__cf__"); }

// core/grappler/optimizers/constant_folding.cc, generic_layout_optimizer.cc, arithmetic_optimizer.cc
bool is_of_grappler(const Graph& graph, NodeId id) {
  const Bytes name = graph.name(id);
  return name.starts_with("ConstantFolding/") || has(name, "-LayoutOptimizer") ||
         has(name, "ArithmeticOptimizer/") || name.ends_with("/merged_input");
}

bool is_moved_by_grappler(const Graph& graph, NodeId id) {
  return graph.op(id) == "Const" && constant_at_anchor(graph, id) != kNoNode;
}

bool is_fused(const Graph& graph, NodeId id) { return graph.op(id).starts_with("_Fused"); }

bool is_prelu(const Graph& graph, NodeId id) { return graph.op(id) == "Prelu"; }

// python/tools/optimize_for_inference_lib.py
bool is_of_optimize_for_inference(const Graph& graph, NodeId id) {
  const Bytes name = graph.name(id), op = graph.op(id);
  return name.ends_with("_bn_offset") || name.ends_with("_dummy_paddings") || op == "FusedPadConv2D" ||
         op == "FusedResizeAndPadConv2D";
}

// tools/graph_transforms/quantize_nodes.cc
bool is_eightbit(const Graph& graph, NodeId id) { return has(graph.name(id), "_eightbit"); }

// tools/graph_transforms/quantize_weights.cc
bool is_dequantized(const Graph& graph, NodeId id) {
  return graph.op(id) == "Dequantize" && !graph.inputs(id).empty() &&
         graph.op(graph.inputs(id)[0].node) == "Const";
}

bool is_fake_quantized(const Graph& graph, NodeId id) {
  return graph.op(id).starts_with("FakeQuantWithMinMaxVars");
}

bool is_for_tensorrt(const Graph& graph, NodeId id) { return graph.op(id) == "TRTEngineOp"; }

bool is_for_lite(const Graph& graph, NodeId id) { return graph.op(id) == "TFLite_Detection_PostProcess"; }

bool is_of_keras(const Graph& graph, NodeId id) {
  const Bytes name = graph.name(id);
  const bool input = graph.op(id) == "Placeholder" && last_component(name).starts_with("keras_tensor");
  return input || has(name, "keras_learning_phase");
}

bool is_backward(const Graph& graph, NodeId id) { return graph.name(id).starts_with("gradients/"); }

bool is_saver(const Graph& graph, NodeId id) {
  const Bytes op = graph.op(id);
  return op == "SaveV2" || op == "SaveSlices" || op == "Save";
}

struct ToolRow {
  const char* tool;
  const char* mark;
  bool (*has_mark)(const Graph& graph, NodeId id);
};
constexpr std::array kRows = std::to_array<ToolRow>({
    {"Keras", "names that Keras gives", is_of_keras},
    {"tf.gradients", "a backward pass", is_backward},
    {"tf.train.Saver", "nodes that save", is_saver},
    {"quantisation-aware training", "simulated quantisation", is_fake_quantized},
    {"TensorFlow 1's freezer", "reads called X/read of constants", is_read},
    {"TensorFlow's freezer, resource variables", "reads called ReadVariableOp of constants",
     is_resource_read},
    {"TensorFlow 2's freezer", "constants called after a handle", is_captured},
    {"TensorFlow 2's inliner", "the edges of calls that were written out", is_inlined},
    {"TensorFlow's runtime, or the Graph Transform Tool's fold_constants", "constants called __cf__",
     is_folded_by_runtime},
    {"optimize_for_inference", "folded batch normalisations or paddings", is_of_optimize_for_inference},
    {"grappler", "names that its optimizers give", is_of_grappler},
    {"grappler, constant folding", "constants that wait for what enters a loop or branch",
     is_moved_by_grappler},
    {"grappler's remapper or the TensorFlow.js converter", "fused operations", is_fused},
    {"TensorFlow.js converter", "the operation Prelu", is_prelu},
    {"Graph Transform Tool, quantize_weights", "weights of eight bits", is_dequantized},
    {"Graph Transform Tool, quantize_nodes", "names with _eightbit", is_eightbit},
    {"TensorRT", "operations of its engine", is_for_tensorrt},
    {"object detection export for TensorFlow Lite", "its post-processing", is_for_lite},
});

}  // namespace

std::vector<ToolMark> find_tool_marks(const Graph& graph) {
  std::vector<ToolMark> marks;
  for (const ToolRow& row : kRows) {
    ToolMark mark{row.tool, row.mark};
    for (NodeId id = 0; id < graph.node_count(); ++id) {
      if (!row.has_mark(graph, id)) continue;
      if (mark.count++ == 0) mark.example = graph.name(id);
    }
    if (mark.count > 0) marks.push_back(std::move(mark));
  }
  return marks;
}

}  // namespace thaw::internal
