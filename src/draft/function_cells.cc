#include "draft/function_cells.h"

#include <algorithm>
#include <unordered_map>

#include "messages/free_names.h"
#include "model/flat_output.h"

namespace thaw::internal {

CellExpansion expand_cell_in_function(const NodeDef& cell, const std::string& scope) {
  CellExpansion made = expand_cell(cell, scope, "");
  std::unordered_map<std::string, const NodeDef*> added;
  for (const NodeDef& node : made.added) added.emplace(node.name, &node);
  const auto respell = [&](NodeDef& node) {
    for (std::string& input : node.inputs) {
      const std::size_t colon = input.find(':');
      const auto found = added.find(input.substr(0, colon));
      if (found == added.end()) continue;  // what the cell took
      input = named_output(*found->second, parse_input(input).output).value_or(input);
    }
  };
  for (NodeDef& node : made.added) respell(node);
  respell(made.cell);
  return made;
}

std::string free_cell_scope(const NodeDef& cell,
                            const std::function<bool(const std::string& name)>& is_taken) {
  return FreeNames().next(cell.name + "/expanded", [&](const std::string& scope) {
    return std::ranges::any_of(expand_cell(cell, scope, "").added, is_taken, &NodeDef::name);
  });
}

}  // namespace thaw::internal
