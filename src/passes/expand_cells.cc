#include "passes/expand_cells.h"

#include <algorithm>

#include "draft/cell_expansion.h"
#include "model/model.h"

namespace thaw::internal {

namespace {

bool has_loops(const Graph& graph) {
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.op(id) == "Enter" || graph.op(id) == "RefEnter") return true;
  }
  return false;
}

CellExpansion expansion_of(const Draft& draft, const NodeDef& cell, const std::string& anchor) {
  for (int k = 0;; ++k) {
    const std::string scope = cell.name + "/expanded" + (k == 0 ? "" : "_" + std::to_string(k));
    CellExpansion made = expand_cell(cell, scope, anchor);
    const bool is_free = std::ranges::all_of(
        made.added, [&](const NodeDef& node) { return draft.find(node.name) == kNoNode; });
    if (is_free) return made;
  }
}

}  // namespace

ExpandedCells expand_cells(const std::shared_ptr<const Graph>& graph) {
  Draft draft(graph);
  const bool loops = has_loops(*graph);
  for (NodeId id = 0; id < graph->node_count(); ++id) {
    if (!is_cell(graph->op(id))) continue;
    const NodeDef cell = graph->node_def(id);
    if (!is_expandable(cell)) continue;
    // A constant belongs to a loop by what it waits for.
    const std::string anchor = loops ? std::string(graph->name(graph->inputs(id)[0].node)) : "";
    CellExpansion made = expansion_of(draft, cell, anchor);
    for (NodeDef& node : made.added) {
      Change change{"K1", node.name, "part of " + cell.name};
      draft.add(std::move(node), kNoNode, std::move(change));
    }
    draft.replace(id, std::move(made.cell), {"K1", cell.name, cell.op + " written out"});
  }
  return reread(graph, draft);
}

ExpandedCells reread(const std::shared_ptr<const Graph>& graph, const Draft& draft) {
  if (draft.changes().empty()) return {graph, {}};
  ExpandedCells done{read_graph(draft.emit().as_source(graph->source()->name())), {}};
  for (const ChangeView& change : draft.changes())
    done.changes.push_back({std::string(change.rule), std::string(change.node), std::string(change.what)});
  return done;
}

}  // namespace thaw::internal
