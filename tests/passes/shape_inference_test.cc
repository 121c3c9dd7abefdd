// The walk over a graph: loops, cycles, clashes, and files that mean harm.
#include <limits>

#include "passes/shape_cases.h"

namespace thaw::internal {
namespace {

using graph_text::graph_of;

std::string shape_of(const Graph& graph, const InferredShapes& inferred, Bytes name, std::uint32_t port = 0) {
  return inferred.shape(graph.find(name), port).to_string();
}

TEST(ShapeInference, KnowsALoopsVariablesNot) {
  const auto graph = graph_of(R"(
    x = Placeholder f32[2,3]
    enter = Enter:f32 x | frame_name=f
    merge = Merge:f32 enter next | N=2
    go = Placeholder bool[...]
    switch = Switch:f32 merge go
    body = Relu:f32 switch:1
    next = NextIteration:f32 body
    exit = Exit:f32 switch
  )");
  const InferredShapes inferred = infer_shapes(*graph, {});
  EXPECT_EQ(shape_of(*graph, inferred, "enter"), "[2,3]");
  EXPECT_EQ(shape_of(*graph, inferred, "merge"), "<unknown>");
  EXPECT_EQ(shape_of(*graph, inferred, "merge", 1), "[]");
  EXPECT_EQ(shape_of(*graph, inferred, "exit"), "<unknown>");
}

TEST(ShapeInference, KnowsNothingOfCycles) {
  const auto graph = graph_of("a = Relu:f32 b\nb = Relu:f32 a\nc = Const f32[2]\nd = AddV2:f32 c a");
  const InferredShapes inferred = infer_shapes(*graph, {});
  EXPECT_EQ(shape_of(*graph, inferred, "a"), "<unknown>");
  EXPECT_EQ(shape_of(*graph, inferred, "c"), "[2]");
  EXPECT_EQ(shape_of(*graph, inferred, "d"), "<unknown>");
}

TEST(ShapeInference, DoesNotDependOnTheOrderOfTheFile) {
  const auto graph = graph_of("z = Relu:f32 y ^x\ny = Relu:f32 x\nx = Const f32[2,3]");
  EXPECT_EQ(shape_of(*graph, infer_shapes(*graph, {}), "z"), "[2,3]");
}

TEST(ShapeInference, NotesAClashOnceAndGoesOn) {
  const auto graph = graph_of(R"(
    x = Placeholder f32[?,5]
    w = Const f32[4,8]
    product = MatMul:f32 x w
    shape = Const i32[2] = 1 3
    behind = Reshape:f32 product shape
    other = Relu:f32 x
  )");
  const InferredShapes inferred = infer_shapes(*graph, {});
  ASSERT_EQ(inferred.clashes.size(), 1u);
  EXPECT_EQ(inferred.clashes[0].node, graph->find("product"));
  EXPECT_EQ(inferred.clashes[0].got, "[?,5], [4,8]");
  EXPECT_EQ(inferred.clashes[0].expected, "as many columns on the left as rows on the right, not 5 and 4");
  EXPECT_EQ(shape_of(*graph, inferred, "behind"), "[1,3]");
  EXPECT_EQ(shape_of(*graph, inferred, "other"), "[?,5]");
}

TEST(ShapeInference, ShowsNumbersAndTheFirstInputsOfManyOnly) {
  const auto graph = graph_of(R"(
    x = Placeholder f32[2]
    w = Placeholder f32[3]
    axis = Const i32[] = 0
    y = Pack:f32 w x x x x x x x | N=8
    s = Const i32[2] = 1 3
    z = Reshape:f32 x s
  )");
  const InferredShapes inferred = infer_shapes(*graph, {});
  ASSERT_EQ(inferred.clashes.size(), 2u);
  EXPECT_EQ(inferred.clashes[0].got, "[3], [2], [2], [2], [2], [2], ...");
  EXPECT_EQ(inferred.clashes[1].got, "[2], {1,3}");
}

// A name for the shape, another for what is declared: the legacy of producers that could not say "unknown".
TEST(ShapeInference, TakesAnEmptyShapeOfOldGraphsForUnknown) {
  const std::string old = graph_text::graph_bytes("x = Placeholder f32[]\ny = Relu:f32 x");
  const auto shape_with = [&](int producer) {
    std::string versions, bytes = old;
    MessageWriter(versions).varint(1, static_cast<std::uint64_t>(producer));
    MessageWriter(bytes).bytes(4, versions);
    const auto graph = graph_text::read_graph(memory_source(bytes));
    return shapes_of_last(*graph, infer_shapes(*graph, {}));
  };
  EXPECT_EQ(shape_with(21), "<unknown>");
  EXPECT_EQ(shape_with(24), "[]");
}

// Numbers of attributes that no tool writes: nothing is known, and nothing breaks.
TEST(ShapeInference, SurvivesAttributesThatMakeNoSense) {
  const std::string images = "x = Placeholder f32[2,9223372036854775807,8,3]\nk = Const f32[3,3,3,3]\n";
  const char* const nodes[] = {
      "y = Conv2D:f32 x k | strides=[0,0,0,0] padding=SAME",
      "y = Conv2D:f32 x k | strides=[1,-1,-9223372036854775808,1] padding=VALID",
      "y = Conv2D:f32 x k | strides=[1,1] padding=VALID",
      "y = Conv2D:f32 x k | strides=[1,1,1,1] padding=VALID dilations=[1,9223372036854775807,0,1]",
      ("y = Conv2D:f32 x k | strides=[1,1,1,1] padding=EXPLICIT "
       "explicit_paddings=[0,0,9223372036854775807,1,-5,-5,0,0]"),
      "y = Conv2D:f32 x k | strides=[1,1,1,1] padding=NONE data_format=ODD",
      "y = MaxPool:f32 x | ksize=[1,0,-3,1] strides=[1,1,1,1] padding=VALID",
      "y = SpaceToDepth:f32 x | block_size=0",
      "y = DepthToSpace:f32 x | block_size=-2",
      "y = DepthToSpace:f32 x | block_size=9223372036854775807",
      "y = Unpack:f32 x | num=9223372036854775807 axis=1",
      "y = Unpack:f32 x | num=-1 axis=0",
      "y = Split:f32 k x | num_split=0",
      "y = StridedSlice:f32 x x x x | begin_mask=-9223372036854775808 ellipsis_mask=-9223372036854775808",
      "y = AudioSpectrogram x | window_size=9223372036854775807 stride=1",
      "y = TensorListStack x x | num_elements=-9223372036854775808",
      "y = TopK:f32 x | k=-9223372036854775808",
      "y = ConcatV2:f32",
      "y = Merge:f32",
      "y = Pack:f32",
      "y = AddV2:f32",
      "y = Reshape:f32 x:7 k:4000",
      "y = Placeholder f32[2] | shape=word",
      "y = Const f32[2] | value=word",
      "y = Reshape:f32 x k ^x",
  };
  for (const char* node : nodes) {
    SCOPED_TRACE(node);
    const auto graph = graph_of(images + node);
    const InferredShapes inferred = infer_shapes(*graph, {});
    for (std::uint32_t port : {0u, 1u, 4000000000u}) {
      for (const std::int64_t dim : inferred.shape(2, port).dims()) EXPECT_GE(dim, -1);
    }
  }
}

TEST(ShapeInference, SurvivesNumbersAtTheirLimits) {
  const std::string limits =
      "x = Placeholder f32[5]\ns = Const i64[1] = -9223372036854775808\nl = Const i64[1] = "
      "9223372036854775807\n"
      "m = Const i64[] = -9223372036854775808\nn = Const i64[] = 9223372036854775807\n";
  const char* const nodes[] = {
      "y = StridedSlice:f32 x s l l",
      "y = StridedSlice:f32 x l s s",
      "y = StridedSlice:f32 x s s s | shrink_axis_mask=1",
      "y = Slice:f32 x l l",
      "y = Slice:f32 x s s",
      "y = Range m n n | Tidx=:i64",
      "y = Range m n m | Tidx=:i64",
      "y = Range n m n | Tidx=:i64",
      "y = FloorDiv:i64 m s",
      "y = Fill:f32 l x",
      "y = Reshape:f32 x s",
      "y = Tile:f32 x l",
      "y = ExpandDims:f32 x m",
      "y = Sub:i64 m n",
      "y = GatherV2 l n m | Tparams=:i64",
      "y = SplitV:f32 x l m | num_split=1",
      "y = OneHot s n x x | T=:f32 axis=9223372036854775807",
  };
  for (const char* node : nodes) {
    SCOPED_TRACE(node);
    const auto graph = graph_of(limits + node);
    const InferredShapes inferred = infer_shapes(*graph, {});
    for (const std::int64_t dim : inferred.shape(graph->find("y"), 0).dims()) EXPECT_GE(dim, -1);
  }
}

TEST(ShapeInference, ForgetsRanksThatTensorFlowCannotHold) {
  std::string text = "x0 = Placeholder f32[2]\na = Const i32[] = 0\n";
  for (int i = 0; i < 300; ++i)
    text += "x" + std::to_string(i + 1) + " = ExpandDims:f32 x" + std::to_string(i) + " a\n";
  const auto graph = graph_of(text);
  const InferredShapes inferred = infer_shapes(*graph, {});
  EXPECT_EQ(inferred.shape(graph->find("x253"), 0).rank(), 254u);
  EXPECT_TRUE(inferred.shape(graph->find("x254"), 0).unknown_rank());
}

}  // namespace
}  // namespace thaw::internal
