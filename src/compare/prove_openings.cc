#include "compare/prove_openings.h"

#include <set>

#include "compare/compare_values.h"
#include "messages/attr_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

[[noreturn]] void fail_opening(Bytes node, const std::string& what) {
  throw Error(ErrorKind::bug, "opening shapes changed the graph: node " + thaw::quoted(node) + " " + what,
              "the same node, or a Reshape with one number open",
              "nothing was published; please report this with the model");
}

// One element is -1 and was not, the others are what they were.
bool opens_one(const Value& was, const Value& is) {
  if (was.dtype() != is.dtype() || was.shape() != is.shape()) return false;
  const std::size_t size = element_size(is.dtype());
  const std::string before = was.bytes(), after = is.bytes(), open(size, '\xFF');
  std::size_t opened = 0;
  for (std::size_t at = 0; at < after.size(); at += size) {
    if (before.compare(at, size, after, at, size) == 0) continue;
    if (after.compare(at, size, open) != 0) return false;
    ++opened;
  }
  return opened == 1;
}

// Gives the constant that was added.
NodeId prove_opened(const Graph& before, NodeId id, const Graph& after) {
  NodeDef was = before.node_def(id), is = after.node_def(id);
  const bool fits = was.op == "Reshape" && was.inputs.size() >= 2 && was.inputs.size() == is.inputs.size();
  if (!fits) fail_opening(was.name, "was changed");
  const NodeId made = after.find(is.inputs[1]), old = before.inputs(id)[1].node;
  const bool opened = made != kNoNode && made >= before.node_count() && after.op(made) == "Const" &&
                      before.op(old) == "Const" &&
                      opens_one(before.tensor(old, "value").value, after.tensor(made, "value").value);
  is.inputs[1] = was.inputs[1];
  if (!opened || encoded_node(is) != encoded_node(was))
    fail_opening(was.name, "takes or does something else");
  return made;
}

}  // namespace

void prove_openings(const Graph& before, const Graph& after) {
  if (&before == &after) return;
  std::set<NodeId> made;
  for (NodeId id = 0; id < before.node_count(); ++id) {
    if (before.skeleton(id) != after.skeleton(id)) {
      made.insert(prove_opened(before, id, after));
    } else if (!same_large_tensors(before, id, after, id)) {
      fail_opening(before.name(id), "holds other numbers");
    }
  }
  if (before.node_count() + made.size() != after.node_count())
    fail_opening(after.name(static_cast<NodeId>(after.node_count() - 1)), "was added");
}

}  // namespace thaw::internal
