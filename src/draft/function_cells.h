// Cells inside functions, written out: as in a graph, with inputs as nodes of functions take them.
#pragma once

#include <functional>

#include "draft/cell_expansion.h"

namespace thaw::internal {

CellExpansion expand_cell_in_function(const NodeDef& cell, const std::string& scope);

// "CELL/expanded", numbered when one of the nodes' names is taken.
std::string free_cell_scope(const NodeDef& cell,
                            const std::function<bool(const std::string& name)>& is_taken);

}  // namespace thaw::internal
