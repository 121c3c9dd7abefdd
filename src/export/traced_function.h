// Part of a graph as a function: what outputs are computed from, down to inputs and variables, which become
// arguments. TensorFlow 2 runs, differentiates and saves nothing else.
#pragma once

#include <string>
#include <vector>

#include "model/library.h"
#include "thaw/tensor.h"

namespace thaw::internal {

// A tensor by the name callers give it.
struct NamedEdge {
  std::string key;
  Edge tensor;
  DType dtype = DType::invalid;
  Shape shape = Shape::of_unknown_rank();
};

struct TraceRequest {
  std::string name;                        // of the function; what it is called in the end says more
  std::vector<NamedEdge> inputs, outputs;  // in the order of the arguments and results
  std::vector<NodeId> effects;             // operations that run, too: for those without outputs
};

struct TracedFunction {
  FunctionDef function;
  std::vector<NodeId> captured;  // the VarHandleOps behind the inputs, each once
};

// Why a part of a graph is no function.
struct NoFunction {
  std::string node;
  std::string reason;
};

struct Trace {
  std::optional<TracedFunction> traced;
  std::vector<NodeId> missing;    // placeholders that are reached and are no inputs
  std::optional<NoFunction> why;  // operations that no function can have
};

Trace trace_function(const Graph& graph, const Library& library, const TraceRequest& request);

// By node: whether outputs are computed from it, given the inputs.
std::vector<bool> nodes_behind(const Graph& graph, const std::vector<NamedEdge>& inputs,
                               const std::vector<NamedEdge>& outputs);

// The placeholders that outputs are computed from, in the graph's order.
std::vector<NodeId> placeholders_behind(const Graph& graph, const std::vector<Edge>& outputs);

}  // namespace thaw::internal
