// Naming: what every node is called in the result, from the names recovered, the user's rules and the scope.
#pragma once

#include <string>
#include <unordered_map>

#include "model/graph.h"
#include "names/name_rules.h"
#include "thaw/plan.h"
#include "thaw/thaw.h"

namespace thaw::internal {

class Naming {
 public:
  explicit Naming(const ThawOptions& options);

  // Rules for variables only, then the scopes.
  std::string variable(const std::string& constant, const std::string& recovered);
  // Scopes alone.
  std::string node(const std::string& name) const;

  // The nodes whose names change.
  std::unordered_map<NodeId, std::string> renamed_nodes(const Graph& graph, const Plan& plan) const;
  // Throws usage for a rule that no variable's name fits.
  void check_rules() const;
  // "scope/", or nothing.
  std::string outer_scope() const { return scope_.empty() ? "" : scope_ + "/"; }

 private:
  // Throws usage when --strip-prefix is no scope of the graph.
  void require_prefix(const Graph& graph) const;
  NameRules rules_;
  std::vector<std::string> asked_;  // names that rules were applied to
  std::string scope_, strip_;
};

}  // namespace thaw::internal
