// The proof of functions looks at what was written: every change of a function or a call that no weight
// explains is found.
#include "compare/prove_functions.h"

#include <gmock/gmock.h>

#include <functional>

#include "messages/function_ref.h"
#include "passes/function_lines.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

const std::string kFunctionModel = R"(
  x = Placeholder f32[?,2]
  i = Const i32[] = 0
  loop = While i x | body=%body cond=%cond T=[:i32,:f32] _num_original_outputs=2
  call = PartitionedCall loop:1 | f=%plain Tin=[:f32] Tout=[:f32]
  function body i:i32 y:f32 -> j:i32 z:f32
    w = Const f32[2,2]
    one = Const i32[] = 1
    next = AddV2:i32 i one:output:0
    c = PartitionedCall y | f=%inner Tin=[:f32] Tout=[:f32]
    m = MatMul:f32 c:output:0 w:output:0
    return next:z:0 m:product:0
  end
  function inner x:f32 -> y:f32
    b = Const f32[2]
    a = BiasAdd:f32 x b:output:0
    return a:output:0
  end
  function plain x:f32 -> y:f32
    t = Tanh:f32 x
    return t:y:0
  end
  function unused x:f32 -> y:f32
    t = Sin:f32 x
    return t:y:0
  end
)" + kFourRounds;

using Functions = std::vector<FunctionDef>;
using FunctionEdit = std::function<void(Functions&)>;

struct FunctionWorld {
  Model model = open_model(memory_source(graph_text::graph_bytes(kFunctionModel), "m.pb"));
  Rewritten done = rewrite(model, "models/m", {});
  std::shared_ptr<const Graph> meta =
      open_model(memory_source(write_meta_graph(done).bytes(), "m.meta")).graph;

  // The proof over the written graph with other functions.
  FunctionProof prove(const FunctionEdit& edit) const {
    const Library library(*meta);
    Functions functions = library.functions();
    edit(functions);
    std::string fields, bytes;
    for (FunctionDef& function : functions) {
      for (FunctionNode& node : function.nodes) node.field = Recipe();
      fields += encode_function(function).bytes();
    }
    for (NodeId id = 0; id < meta->node_count(); ++id) bytes += encode_graph_node(meta->node_def(id)).bytes();
    MessageWriter(bytes).bytes(2, fields);
    const auto written = graph_text::read_graph(memory_source(bytes));
    return prove_functions(*model.graph, *done.library, *done.handed_down.graph, *written);
  }
};

FunctionDef& named(Functions& functions, const std::string& name) {
  for (FunctionDef& function : functions) {
    if (function.name.starts_with(name)) return function;
  }
  throw std::logic_error("no function " + name);
}

NodeDef& node(Functions& functions, const std::string& function, const std::string& name) {
  for (FunctionNode& found : named(functions, function).nodes) {
    if (found.node.name == name) return found.node;
  }
  throw std::logic_error("no node " + name);
}

TEST(ProveFunctions, CountsWhatIsEqualAndWhatIsExplained) {
  const FunctionProof proof = FunctionWorld().prove([](Functions&) {});
  EXPECT_EQ(proof.explained, 3u);  // body, cond, inner
  EXPECT_EQ(proof.equal, 2u);
}

struct FunctionMutation {
  const char* what;
  FunctionEdit edit;
};

const FunctionMutation kFunctionMutations[] = {
    {"an operation", [](Functions& f) { node(f, "body", "m").op = "BatchMatMul"; }},
    {"an input", [](Functions& f) { node(f, "body", "m").inputs[0] = "y"; }},
    {"another weight",
     [](Functions& f) { node(f, "body", "w").inputs[0] = named(f, "body").inputs.back().name; }},
    {"an argument that is no weight", [](Functions& f) { node(f, "body", "w").inputs[0] = "y"; }},
    {"an attribute", [](Functions& f) { node(f, "body", "m").set_attr("transpose_a", attr_of_bool(true)); }},
    {"a type", [](Functions& f) { node(f, "body", "w").set_attr("T", attr_of_type(DType::float64)); }},
    {"a device", [](Functions& f) { node(f, "inner", "b").device = "/gpu:0"; }},
    {"a constant", [](Functions& f) { node(f, "cond", "four").drop_attr("value"); }},
    {"a call's function",
     [](Functions& f) {
       node(f, "body", "c")
           .set_attr("f", with_functions(node(f, "body", "c").find_attr("f")->value.bytes(), {"plain"}));
     }},
    {"a call's types",
     [](Functions& f) { node(f, "body", "c").set_attr("Tin", attr_of_types({DType::float32})); }},
    {"a call's inputs", [](Functions& f) { node(f, "body", "c").inputs.pop_back(); }},
    {"a result", [](Functions& f) { named(f, "body").returns[1].value = "c:output:0"; }},
    {"a weight that does not go round",
     [](Functions& f) { named(f, "body").returns.back().value = "m:product:0"; }},
    {"an argument's type",
     [](Functions& f) {
       named(f, "inner").inputs[1] = make_argument(named(f, "inner").inputs[1].name, DType::int32);
     }},
    {"an attribute of a function",
     [](Functions& f) { named(f, "inner").attrs.push_back({"x", Recipe(attr_of_bool(true))}); }},
    {"a node more", [](Functions& f) { named(f, "inner").nodes.push_back(named(f, "inner").nodes[0]); }},
    {"what no weight is in", [](Functions& f) { node(f, "plain", "t").op = "Sin"; }},
    {"what nobody calls", [](Functions& f) { node(f, "unused", "t").op = "Cos"; }},
    {"a function less", [](Functions& f) { f.pop_back(); }},
    {"a function more",
     [](Functions& f) {
       f.push_back(f.back());
       f.back().name = "more";
     }},
};

TEST(ProveFunctions, FindsEveryOtherDifference) {
  const FunctionWorld world;
  for (const FunctionMutation& mutation : kFunctionMutations)
    EXPECT_THROW(world.prove(mutation.edit), Error) << mutation.what;
}

TEST(ProveFunctions, LooksAtTheLibraryWhereNothingIsHandedDown) {
  const auto graph = graph_text::graph_of(kFunctionModel), other = graph_text::graph_of(kFunctionModel + R"(
  function more x:f32 -> y:f32
    return x
  end
)");
  const Library library(*graph);
  EXPECT_EQ(prove_functions(*graph, library, *graph, *graph).equal, 5u);
  EXPECT_THROW(prove_functions(*graph, library, *graph, *other), Error);
}

}  // namespace
}  // namespace thaw::internal
