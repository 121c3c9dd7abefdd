// VariableTrace: whose value a tensor is, behind reads and what passes a value on as it is.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "draft/draft.h"
#include "passes/variable_nodes.h"

namespace thaw::internal {

class VariableTrace {
 public:
  // `variables` has to outlive it.
  VariableTrace(const Draft& draft, const std::vector<VariableNodes>& variables);

  // An index into the variables.
  std::optional<std::size_t> variable(const Edge& tensor) const;
  // A variable, or a constant that stayed one.
  bool is_parameter(const Edge& tensor) const;
  // How many numbers such a one has.
  std::optional<std::int64_t> parameter_size(const Edge& tensor) const;

 private:
  NodeId origin(const Edge& tensor) const;

  const Draft& draft_;
  std::unordered_map<NodeId, std::size_t> by_node_;
};

}  // namespace thaw::internal
