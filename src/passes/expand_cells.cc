#include "passes/expand_cells.h"

#include "draft/function_cells.h"
#include "model/model.h"

namespace thaw::internal {

namespace {

bool has_loops(const Graph& graph) {
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.op(id) == "Enter" || graph.op(id) == "RefEnter") return true;
  }
  return false;
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
    const std::string scope =
        free_cell_scope(cell, [&](const std::string& name) { return draft.find(name) != kNoNode; });
    CellExpansion made = expand_cell(cell, scope, anchor);
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
