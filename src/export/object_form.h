// A graph as the objects of TensorFlow 2: each signature a function, variables bound to their arguments.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "export/object_graph.h"
#include "export/traced_function.h"
#include "passes/batch_training.h"

namespace thaw::internal {

struct SavedSignature {
  std::string name, method;
  std::vector<NamedEdge> inputs, outputs;  // sorted by key
};

// The same graph as it is trained; inputs, outputs and variables have the same names. An update runs when its
// norm is computed.
struct TrainingGraph {
  const Graph& graph;
  const std::vector<StatisticUpdate>& updates;
};

struct ObjectForm {
  std::vector<FunctionDef> functions;
  EncodedObjects objects;
  std::vector<std::string> signatures;  // names of those that became functions
  std::vector<std::string> methods;     // the same of operations
  bool trains = false;                  // calling the object takes `training`
};

// What of a graph can be had.
struct FormedObjects {
  std::optional<ObjectForm> form;       // nothing: only the graph itself can say what it does
  std::optional<NoFunction> why;        // the ground
  std::vector<std::string> incomplete;  // signatures that lack an input that their outputs need
};

// `variables` are VarHandleOps of the graph by name. `effects` are operations without outputs that people
// run, `initialize_state` for instance. The first signature of the name serving_default, else the first, is
// what calling the object does; `training`, which may be null, is what it does with training=True.
FormedObjects form_objects(const Graph& graph, const Library& library,
                           const std::vector<SavedSignature>& signatures,
                           const std::vector<ObjectVariable>& variables, const std::vector<NodeId>& effects,
                           const TrainingGraph* training);

}  // namespace thaw::internal
