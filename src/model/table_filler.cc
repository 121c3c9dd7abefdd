#include "model/table_filler.h"

#include <algorithm>
#include <set>

#include "model/call_site.h"
#include "ops/table_op.h"

namespace thaw::internal {

bool may_fill_table(Bytes op, const Library& library) {
  return readies_table(op) || (!library.functions().empty() && may_call(op, library));
}

bool is_table_filler(const NodeDef& node, const Library& library) {
  if (readies_table(node.op)) return true;
  if (!may_fill_table(node.op, library)) return false;
  std::vector<std::size_t> work = named_functions(node, library);
  std::set<std::size_t> seen(work.begin(), work.end());
  while (!work.empty()) {
    const FunctionDef& function = library.functions()[work.back()];
    work.pop_back();
    for (const FunctionNode& inner : function.nodes) {
      if (readies_table(inner.node.op)) return true;
      for (const std::size_t next : named_functions(inner.node, library)) {
        if (seen.insert(next).second) work.push_back(next);
      }
    }
  }
  return false;
}

bool has_tables(const Graph& graph) {
  return std::ranges::any_of(graph.ops(), [](Bytes op) { return op.find("HashTable") != Bytes::npos; });
}

}  // namespace thaw::internal
