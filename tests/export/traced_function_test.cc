// Parts of graphs as functions.
#include "export/traced_function.h"

#include <gmock/gmock.h>

#include "export/object_graph.h"
#include "support/graph_text.h"
#include "support/node_lines.h"
#include "tensor/shape.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;

const std::string kDense = R"(
  x = Placeholder f32[?,4]
  unused = Placeholder f32[]
  w = VarHandleOp | dtype=:f32 shape=(4,2) shared_name=w
  w/read = ReadVariableOp w | dtype=:f32 _class=[loc:@w]
  y = MatMul:f32 x w/read
  parts = Split:f32 axis y | num_split=2
  axis = Const i32[] = 1
  end = Identity:f32 parts:1 ^axis
)";

struct Traced {
  Trace trace;
  const FunctionDef& function() const { return trace.traced->function; }
  std::vector<std::string> inputs_of(const std::string& node) const {
    for (const FunctionNode& one : function().nodes) {
      if (one.node.name == node) return one.node.inputs;
    }
    return {"not there"};
  }
};

Traced trace(const std::string& text, const std::vector<std::string>& inputs,
             const std::vector<std::string>& outputs, const std::vector<std::string>& effects = {}) {
  const auto graph = graph_text::graph_of(text);
  const Library library(*graph);
  TraceRequest request{"f", {}, {}, {}};
  for (const std::string& name : inputs)
    request.inputs.push_back({name, {graph->find(name), 0}, DType::float32, Shape({-1, 4})});
  for (const std::string& name : outputs)
    request.outputs.push_back({name, {graph->find(name), 0}, DType::float32, Shape::of_unknown_rank()});
  for (const std::string& name : effects) request.effects.push_back(graph->find(name));
  return {trace_function(*graph, library, request)};
}

TEST(TracedFunction, NamesEdgesByOutputArgument) {
  const Traced done = trace(kDense, {"x"}, {"end"});
  ASSERT_TRUE(done.trace.traced);
  EXPECT_THAT(done.inputs_of("w/read"), ElementsAreArray({"w_resource"}));
  EXPECT_THAT(done.inputs_of("y"), ElementsAreArray({"x", "w/read:value:0"}));
  EXPECT_THAT(done.inputs_of("parts"), ElementsAreArray({"axis:output:0", "y:product:0"}));
  EXPECT_THAT(done.inputs_of("end"), ElementsAreArray({"parts:output:1", "^axis"}));
  EXPECT_EQ(done.function().returns[0].value, "end:output:0");
  EXPECT_EQ(done.trace.traced->captured.size(), 1u);
}

const NodeAttr* attr_of(const Traced& done, const std::string& node, Bytes key) {
  for (const FunctionNode& one : done.function().nodes) {
    if (one.node.name == node) return one.node.find_attr(key);
  }
  return nullptr;
}

TEST(TracedFunction, KnowsTheShapesOfVariables) {
  const Traced done = trace(kDense, {"x"}, {"end"});
  const NodeAttr* shapes = attr_of(done, "w/read", "_output_shapes");
  ASSERT_NE(shapes, nullptr);
  EXPECT_EQ(node_lines::attr_text(shapes->value.bytes()), "[(4,2)]");
  EXPECT_EQ(attr_of(done, "y", "_output_shapes"), nullptr);
  const std::string known =
      make_handle_argument("w_resource", DType::float32, encode_shape(Shape({4, 2}))).message;
  EXPECT_EQ(done.function().inputs[1].message, known);
}

TEST(TracedFunction, KnowsTheShapesOfRowsOfVariables) {
  const std::string text = R"(
    x = Placeholder i32[?]
    w = VarHandleOp | dtype=:f32 shape=(4,2) shared_name=w
    handle = Identity:resource w
    rows = ResourceGather w x | dtype=:f32 Tindices=:i32
    all = ReadVariableOp handle | dtype=:f32
    end = ConcatV2:f32 rows all axis | N=2
    axis = Const i32[] = 0
  )";
  const auto graph = graph_text::graph_of(text);
  const Library library(*graph);
  const TraceRequest request{"f",
                             {{"x", {graph->find("x"), 0}, DType::int32, Shape({7})}},
                             {{"end", {graph->find("end"), 0}, DType::float32, Shape::of_unknown_rank()}},
                             {}};
  const Traced done{trace_function(*graph, library, request)};
  ASSERT_NE(attr_of(done, "rows", "_output_shapes"), nullptr);
  EXPECT_EQ(node_lines::attr_text(attr_of(done, "rows", "_output_shapes")->value.bytes()), "[(7,2)]");
  ASSERT_NE(attr_of(done, "all", "_output_shapes"), nullptr);
  EXPECT_EQ(node_lines::attr_text(attr_of(done, "all", "_output_shapes")->value.bytes()), "[(4,2)]");
  EXPECT_EQ(attr_of(done, "handle", "_output_shapes"), nullptr);
}

// TensorFlow refuses to place a node with one that is not there.
TEST(TracedFunction, ForgetsPlacesOutsideOfIt) {
  const Traced done = trace(kDense, {"x"}, {"end"});
  for (const FunctionNode& node : done.function().nodes) EXPECT_EQ(node.node.find_attr("_class"), nullptr);
}

TEST(TracedFunction, TellsWhatInputsAreMissing) {
  const Traced done = trace(kDense, {}, {"y"});
  EXPECT_FALSE(done.trace.traced);
  EXPECT_EQ(done.trace.missing.size(), 1u);
  EXPECT_FALSE(done.trace.why);
}

TEST(TracedFunction, StopsAtInputsInTheMiddle) {
  const Traced done = trace(kDense, {"y"}, {"end"});
  ASSERT_TRUE(done.trace.traced);
  EXPECT_THAT(done.inputs_of("parts"), ElementsAreArray({"axis:output:0", "y"}));
  EXPECT_THAT(done.trace.traced->captured, IsEmpty());
}

TEST(TracedFunction, GivesAnInputBack) {
  const Traced done = trace(kDense, {"x"}, {"x"});
  ASSERT_TRUE(done.trace.traced);
  EXPECT_THAT(done.function().nodes, IsEmpty());
  EXPECT_EQ(done.function().returns[0].value, "x");
}

TEST(TracedFunction, RunsEffects) {
  const std::string text = R"(
    v = VarHandleOp | dtype=:f32 shape=() shared_name=v
    zero = Const f32[] = 0
    set = AssignVariableOp v zero | dtype=:f32
    reset = NoOp ^set
  )";
  const Traced done = trace(text, {}, {}, {"reset"});
  ASSERT_TRUE(done.trace.traced);
  EXPECT_THAT(done.inputs_of("reset"), ElementsAreArray({"^set"}));
  EXPECT_THAT(done.function().rest, testing::HasSubstr("reset"));
}

struct Refused {
  const char* what;
  const char* line;
};
void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.what; }

class TracedFunctionRefuses : public testing::TestWithParam<Refused> {};

TEST_P(TracedFunctionRefuses, WhatNoFunctionCanHold) {
  const Traced done = trace("x = Placeholder f32[?]\n" + std::string(GetParam().line), {"x"}, {"y"});
  EXPECT_FALSE(done.trace.traced);
  ASSERT_TRUE(done.trace.why);
  EXPECT_FALSE(done.trace.why->reason.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, TracedFunctionRefuses,
    testing::Values(Refused{"reference", "v = VariableV2 | dtype=:f32 shape=()\ny = Add:f32 x v\n"},
                    Refused{"custom", "c = MadeUpByUs x\ny = Identity:f32 c\n"},
                    Refused{"table",
                            "t = HashTableV2 | key_dtype=:i64 value_dtype=:f32\nk = Const i64[1] = 1\n"
                            "d = Const f32[] = 0\ny = LookupTableFindV2 t k d | Tin=:i64 Tout=:f32\n"}),
    [](const auto& tested) { return tested.param.what; });

TEST(PythonArgument, IsAnIdentifierOfItsOwn) {
  EXPECT_EQ(PythonNames().take("images"), "images");
  EXPECT_EQ(PythonNames().take("a/b:0"), "a_b_0");
  EXPECT_EQ(PythonNames().take("lambda"), "lambda_");
  EXPECT_EQ(PythonNames().take("0"), "x0");
  EXPECT_EQ(PythonNames({"a_b"}).take("a/b"), "a_b_1");
  EXPECT_EQ(PythonNames().take(""), "x");
}

TEST(ObjectGraph, KeysEscapeNamesAndAvoidAttributes) {
  SavedObjects objects;
  for (const char* name : {"a/w.1", "variables", "a/w.1"})
    objects.variables.push_back({name, DType::float32, Shape({2}), true});
  const EncodedObjects encoded = encode_objects(objects);
  EXPECT_THAT(encoded.value_keys, ElementsAreArray({"a.Sw..1/.ATTRIBUTES/VARIABLE_VALUE",
                                                    "variables/1/.ATTRIBUTES/VARIABLE_VALUE",
                                                    "variables/2/.ATTRIBUTES/VARIABLE_VALUE"}));
}

}  // namespace
}  // namespace thaw::internal
