// The proof of calls that were written out looks at what was written.
#include "compare/prove_calls.h"

#include <gtest/gtest.h>

#include <functional>

#include "passes/nested_calls.h"
#include "passes/write_out_calls.h"
#include "support/graph_text.h"
#include "thaw/error.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

// The proof finds every change of what was written.
TEST(ProveCalls, FindsOtherNodes) {
  const auto before = graph_text::graph_of(kLoop + R"(
    function unused v:f32 -> y:f32
      t = Sin:f32 v
      return t:y:0
    end
  )");
  const auto after = write_out_calls(before, {before->find("w")}, false).graph;
  const auto rewritten = [&](const std::string& function, const std::string& node,
                             const std::function<void(NodeDef&)>& edit) {
    const Library library(*after);
    std::string bytes, fields;
    for (NodeId id = 0; id < after->node_count(); ++id) {
      NodeDef now = after->node_def(id);
      if (function.empty() && now.name == node) edit(now);
      bytes += encode_graph_node(now).bytes();
    }
    for (FunctionDef changed : library.functions()) {
      for (FunctionNode& inner : changed.nodes) {
        if (function.empty() || !changed.name.starts_with(function) || inner.node.name != node) continue;
        edit(inner.node);
        inner.field = Recipe();
      }
      fields += encode_function(changed).bytes();
    }
    MessageWriter(bytes).bytes(2, fields);
    return graph_text::read_graph(memory_source(bytes));
  };
  prove_calls(*before, *rewritten("", "", {}));
  const auto takes = [](const char* input) { return [input](NodeDef& node) { node.inputs[0] = input; }; };
  const auto is = [](const char* op) { return [op](NodeDef& node) { node.op = op; }; };
  const auto has = [](NodeDef& node) { node.set_attr("T", attr_of_type(DType::float64)); };
  const auto waits = [](NodeDef& node) { node.inputs.pop_back(); };
  const std::vector<std::tuple<const char*, const char*, std::function<void(NodeDef&)>>> cases = {
      {"body_", "c/a/m", takes("k")},
      {"body_", "c/b/m", takes("y")},
      {"body_", "c/a/e", is("Relu")},
      {"body_", "c/b", takes("c/a/e:activations:0")},
      {"body_", "c", has},
      {"body_", "t", takes("y")},
      {"body_", "c/b/e", waits},
      {"cond", "l", is("Greater")},
      {"unused", "t", is("Cos")},
      {"", "loop", takes("loop")},
      {"", "x", is("PlaceholderV2")},
      {"body_", "next", has},
  };
  for (const auto& [function, node, edit] : cases) {
    EXPECT_THROW(prove_calls(*before, *rewritten(function, node, edit)), Error) << function << " " << node;
  }
}

}  // namespace
}  // namespace thaw::internal
