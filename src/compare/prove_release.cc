#include "compare/prove_release.h"

#include "compare/attrs.h"
#include "compare/compare_values.h"
#include "draft/older_forms.h"
#include "io/same_bytes.h"
#include "model/library.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

[[noreturn]] void fail_release(const std::string& node, const std::string& what) {
  throw Error(
      ErrorKind::bug,
      "making the graph one for an earlier TensorFlow changed it: node " + thaw::quoted(node) + " " + what,
      "the same node in an older form", "nothing was published; please report this with the model");
}

// BatchMatMulV3 names three types where the others have one.
void join_types(const NodeDef& was, const NodeDef& is, Attrs& attrs) {
  if (was.op != "BatchMatMulV3" || is.op == was.op || attrs["Ta"] != attrs["Tb"] ||
      attrs["Ta"] != attrs["Tout"])
    return;
  attrs["T"] = attrs["Ta"];
  for (const char* key : {"Ta", "Tb", "Tout"}) attrs.erase(key);
}

// FusedBatchNorm has one type where the others have two.
void join_statistics(const NodeDef& was, const NodeDef& is, Attrs& attrs) {
  if (is.op == "FusedBatchNorm" && is.op != was.op && attrs["U"] == attrs["T"]) attrs.erase("U");
}

void prove_older(const NodeDef& was, const NodeDef& is, const TensorFlowRelease& release) {
  if (was.name != is.name || was.inputs != is.inputs || was.device != is.device || was.unknown != is.unknown)
    fail_release(was.name, "takes or is something else");
  if (was.op != is.op && !is_older_form(was.op, is.op)) fail_release(was.name, "does something else");
  Attrs before = attrs_of(was.attrs);
  const Attrs after = attrs_of(is.attrs);
  join_types(was, is, before);
  join_statistics(was, is, before);
  for (const auto& [key, value] : after) {
    const auto same = before.find(key);
    if (same == before.end() || same->second != value) fail_release(was.name, "has another " + key);
    before.erase(same);
  }
  for (const auto& [key, value] : before) {
    if (release.has_attr(is.op, key) || !is_default_attr(is.op, key, value))
      fail_release(was.name, "lost its " + key);
  }
}

void prove_functions_older(const Graph& before, const Graph& after, const TensorFlowRelease& release) {
  const Library was(before), is(after);
  if (was.functions().size() != is.functions().size() || !same_bytes(was.other(), is.other()))
    fail_release("", "is in another library");
  for (std::size_t i = 0; i < was.functions().size(); ++i) {
    if (same_bytes(was.field(i), is.field(i))) continue;
    FunctionDef a = was.functions()[i], b = is.functions()[i];
    if (a.nodes.size() != b.nodes.size()) fail_release(a.name, "has other nodes");
    for (std::size_t node = 0; node < a.nodes.size(); ++node)
      prove_older(a.nodes[node].node, b.nodes[node].node, release);
    a.nodes.clear();
    b.nodes.clear();
    if (!same_bytes(encode_function(a), encode_function(b))) fail_release(a.name, "is another function");
  }
}

}  // namespace

void prove_release(const Graph& before, const Graph& after, const TensorFlowRelease& release) {
  if (&before == &after) return;
  if (before.node_count() != after.node_count()) fail_release("", "was added or is gone");
  for (NodeId id = 0; id < before.node_count(); ++id) {
    if (before.skeleton(id) != after.skeleton(id)) {
      prove_older(before.node_def(id), after.node_def(id), release);
    } else if (!same_large_tensors(before, id, after, id)) {
      fail_release(std::string(before.name(id)), "holds other numbers");
    }
  }
  prove_functions_older(before, after, release);
}

}  // namespace thaw::internal
