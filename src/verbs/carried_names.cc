#include "verbs/carried_names.h"

#include <algorithm>
#include <array>

#include "names/scopes.h"
#include "subject/saved_object_graph.h"

namespace thaw::internal {

namespace {

// Lists in which Keras keeps all variables or layers: places there tell less than the node's name.
bool is_in_list_of_keras(Bytes path) {
  constexpr auto kLists = std::to_array<Bytes>(
      {"variables/", "_all_variables/", "_operations/", "_layers/", "layer-", "layer_with_weights-"});
  return std::ranges::any_of(kLists, [&](Bytes list) { return path.starts_with(list); });
}

std::string path_of(const GraphVariable& variable) {
  for (const std::string& key : variable.keys) {
    std::string path = object_path(key);
    if (!path.empty() && !is_in_list_of_keras(path)) return path;
  }
  return {};
}

std::map<std::string, int> count_names(const std::vector<const GraphVariable*>& variables) {
  std::map<std::string, int> holders;
  for (const GraphVariable* variable : variables) ++holders[variable->object_name];
  return holders;
}

}  // namespace

std::map<NodeId, std::string> names_of_objects(const std::vector<const GraphVariable*>& variables) {
  const std::map<std::string, int> holders = count_names(variables);
  std::map<NodeId, std::string> names;
  std::map<std::string, int> taken;
  for (const GraphVariable* variable : variables) {
    if (variable->object_name.empty()) continue;
    std::string name = holders.at(variable->object_name) == 1 ? variable->object_name : path_of(*variable);
    if (!valid_node_name(name) || name == variable->name) continue;
    ++taken[name];
    names.emplace(variable->node, std::move(name));
  }
  std::erase_if(names, [&](const auto& named) { return taken.at(named.second) > 1; });
  return names;
}

}  // namespace thaw::internal
