#include "verbs/naming.h"

#include "names/pattern.h"
#include "names/scopes.h"

namespace thaw::internal {

Naming::Naming(const ThawOptions& options) : scope_(options.scope), strip_(options.strip_prefix) {
  while (scope_.ends_with('/')) scope_.pop_back();
  for (const std::string& rule : options.rename) rules_.add(rule, "--rename");
  for (const RulesText& file : options.rules) rules_.add_file(file.text, file.name);
  if (const std::optional<std::string> why = scope_.empty() ? std::nullopt : why_invalid_node_name(scope_)) {
    throw Error(ErrorKind::usage, "--scope " + thaw::quoted(scope_) + ": " + *why,
                "letters, digits and _ - . /, the first no sign but '.'", "for example --scope new");
  }
}

std::string Naming::node(const std::string& name) const {
  const std::optional<Bytes> inner = strip_.empty() ? std::nullopt : strip_prefix(name, strip_);
  return add_scope(inner ? *inner : Bytes(name), scope_);
}

std::string Naming::variable(const std::string&, const std::string& recovered) {
  asked_.push_back(recovered);
  return node(rules_.apply(recovered).value_or(recovered));
}

void Naming::require_prefix(const Graph& graph) const {
  if (strip_.empty()) return;
  std::vector<Bytes> names;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    names.push_back(graph.name(id));
    if (strip_prefix(names.back(), strip_)) return;
  }
  throw no_match_error("--strip-prefix", Pattern(strip_), names);
}

std::unordered_map<NodeId, std::string> Naming::renamed_nodes(const Graph& graph, const Plan& plan) const {
  require_prefix(graph);
  std::unordered_map<NodeId, std::string> names;
  if (!scope_.empty() || !strip_.empty()) {
    for (NodeId id = 0; id < graph.node_count(); ++id) {
      const std::string name(graph.name(id));
      if (std::string to = node(name); to != name) names[id] = std::move(to);
    }
  }
  for (const Variable& variable : plan.variables) {
    if (variable.name != variable.source_node) {
      names[variable.node] = variable.name;
    } else {
      names.erase(variable.node);
    }
  }
  return names;
}

void Naming::check_rules() const {
  const std::vector<Bytes> names(asked_.begin(), asked_.end());
  rules_.require_all_fit(names);
}

}  // namespace thaw::internal
