#include "compare/prove_cells.h"

#include "compare/compare_values.h"
#include "draft/cell_expansion.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

[[noreturn]] void refuse_cell(Bytes node, const std::string& what) {
  throw Error(ErrorKind::bug, "writing out cells changed the graph: node " + thaw::quoted(node) + " " + what,
              "the same node, or what a cell computes",
              "nothing was published; please report this with the model");
}

// What the first of the new nodes of a cell is called says their scope; its constants say what they wait for.
std::size_t prove_cell(const Graph& before, NodeId id, const Graph& after, std::size_t next) {
  const NodeDef cell = before.node_def(id);
  if (!is_expandable(cell) || next >= after.node_count()) refuse_cell(cell.name, "was changed");
  const NodeDef first = after.node_def(static_cast<NodeId>(next));
  const std::string below = expand_cell(cell, "", "").added[0].name;
  if (first.name.size() <= below.size() || !first.name.ends_with(below)) refuse_cell(first.name, "was added");
  const std::string scope = first.name.substr(0, first.name.size() - below.size());
  const std::string anchor = first.inputs.empty() ? "" : first.inputs[0].substr(1);
  if (!anchor.empty() && anchor != parse_input(cell.inputs[0]).node)
    refuse_cell(first.name, "waits for another node");
  const CellExpansion expected = expand_cell(cell, scope, anchor);
  for (const NodeDef& node : expected.added) {
    const bool is_there = next < after.node_count();
    if (!is_there || encoded_node(after.node_def(static_cast<NodeId>(next))) != encoded_node(node))
      refuse_cell(node.name, "is not what the cell computes");
    ++next;
  }
  if (encoded_node(after.node_def(id)) != encoded_node(expected.cell))
    refuse_cell(cell.name, "does not give the cell's results");
  return next;
}

}  // namespace

void prove_cells(const Graph& before, const Graph& after) {
  if (&before == &after) return;
  std::size_t next = before.node_count();
  for (NodeId id = 0; id < before.node_count(); ++id) {
    if (before.skeleton(id) != after.skeleton(id)) {
      next = prove_cell(before, id, after, next);
    } else if (!same_large_tensors(before, id, after, id)) {
      refuse_cell(before.name(id), "holds other numbers");
    }
  }
  if (next != after.node_count()) refuse_cell(after.name(static_cast<NodeId>(next)), "was added");
}

}  // namespace thaw::internal
