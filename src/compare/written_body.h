// WrittenBody: nodes by name, as they are after calls were written out: those of a graph or of a function.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "model/library.h"

namespace thaw::internal {

class WrittenBody {
 public:
  explicit WrittenBody(const Graph& graph);
  explicit WrittenBody(const FunctionDef& function);

  bool is_graph() const { return graph_ != nullptr; }
  bool has_control_flow() const { return has_control_flow_; }
  std::optional<NodeDef> look(const std::string& name) const;
  // The same; marks the node as explained.
  std::optional<NodeDef> take(const std::string& name);
  // A node that nothing has explained, or nothing.
  std::optional<std::string> unexplained() const;
  // Explains a node without decoding it.
  void explain(std::size_t node) { explained_[node] = true; }

 private:
  std::optional<std::size_t> find(const std::string& name) const;
  NodeDef node(std::size_t number) const;

  const Graph* graph_ = nullptr;
  const FunctionDef* function_ = nullptr;
  bool has_control_flow_ = false;
  std::unordered_map<std::string, std::size_t> by_name_;  // of a function
  std::vector<bool> explained_;
};

}  // namespace thaw::internal
