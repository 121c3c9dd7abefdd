// Computes what a graph without loops and branches of TensorFlow 1 says: the few operations of random
// programs, and While and If with their functions.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/graph.h"
#include "model/library.h"

namespace thaw::internal {

class FunctionalInterpreter {
 public:
  using Elements = std::vector<float>;  // numbers and truth values alike

  // `fed`: by the names of placeholders.
  FunctionalInterpreter(const std::shared_ptr<const Graph>& graph, std::map<std::string, Elements> fed)
      : graph_(graph), library_(*graph), fed_(std::move(fed)) {}

  // Output 0 of a node of the graph. Throws Violation for what it does not know.
  Elements output_of(const std::string& node);

 private:
  using Outputs = std::vector<Elements>;
  struct Frame;

  Outputs call(const std::string& function, const Outputs& arguments);
  Outputs run_node(const NodeDef& node, const Outputs& inputs);
  Outputs run_while(const NodeDef& node, Outputs values);
  Elements value_in(Frame& frame, const std::string& input);
  const Outputs& outputs_in(Frame& frame, const std::string& node);
  const Outputs& outputs_of(NodeId id);

  std::shared_ptr<const Graph> graph_;
  Library library_;
  std::map<std::string, Elements> fed_;
  std::map<NodeId, Outputs> done_;
};

}  // namespace thaw::internal
