// Operations that fill lookup tables before a graph runs: by themselves, or in a function that they call
// (python/saved_model/save.py, _call_function_with_mapped_captures).
#pragma once

#include "model/library.h"

namespace thaw::internal {

// Cheap: false where is_table_filler is.
bool may_fill_table(Bytes op, const Library& library);
// Looks into functions, and into those that they call.
bool is_table_filler(const NodeDef& node, const Library& library);

// Whether there are lookup tables at all; cheap.
bool has_tables(const Graph& graph);

}  // namespace thaw::internal
