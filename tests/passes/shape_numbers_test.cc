// Elements of small integer tensors: the arithmetic that models do on shapes.
#include "passes/shape_cases.h"

namespace thaw::internal {
namespace {

// x is [?,4,6] in all of them; "{16,?}" or "" for the last node.
const ShapeCases kNumberCases = {
    {"y = Shape:f32 x", "{?,4,6}"},
    {"y = ShapeN:f32 x | N=1", "{?,4,6}"},
    {"y = Rank:f32 x", "{3}"},
    {"y = Size:f32 x", ""},
    {"y = Const i64[2,2] = 1 2 -3 4", "{1,2,-3,4}"},
    {"y = Const f32[2] = 1 2", ""},
    {"n = Const i32[] = -5\ny = Identity:i32 n", "{-5}"},
    {"n = Const i32[] = 7\ny = Cast n | SrcT=:i32 DstT=:i64", "{7}"},
    {"n = Const f32[] = 7.5\ny = Cast n | SrcT=:f32 DstT=:i32", ""},
    {"n = Const i32[] = 7\nf = Cast n | SrcT=:i32 DstT=:bool\ny = Cast f | SrcT=:bool DstT=:i32", ""},
    {"n = Const i32[2] = 7 2\ny = Switch:i32 n p", ""},
    {"n = Const i32[] = 7\ns = Shape:f32 x\nz = Const i32[] = 0\nd = GatherV2 s z z | Tparams=:i32\ny = "
     "Pack:i32 d n | N=2",
     "{?,7}"},
    {"n = Const i32[1] = 7\ns = Shape:f32 x\nz = Const i32[] = 0\ny = ConcatV2:i32 n s z | N=2", "{7,?,4,6}"},
    {"s = Shape:f32 x\nb = Const i32[1] = 1\ne = Const i32[1] = 0\no = Const i32[1] = 1\n"
     "y = StridedSlice:i32 s b e o | end_mask=1",
     "{4,6}"},
    {"s = Shape:f32 x\nb = Const i32[1] = -1\ne = Const i32[1] = 0\no = Const i32[1] = 1\n"
     "y = StridedSlice:i32 s b e o | shrink_axis_mask=1",
     "{6}"},
    {"s = Shape:f32 x\nb = Const i32[1] = 0\ne = Const i32[1] = 0\no = Const i32[1] = -2\n"
     "y = StridedSlice:i32 s b e o | begin_mask=1 end_mask=1",
     "{6,?}"},
    {"s = Shape:f32 x\nb = Const i32[1] = 1\nn = Const i32[1] = 2\ny = Slice:i32 s b n", "{4,6}"},
    {"s = Shape:f32 x\nn = Const i32[2] = 2 1\nz = Const i32[] = 0\ny = GatherV2 s n z | Tparams=:i32",
     "{6,4}"},
    {"s = Shape:f32 x\nn = Const i32[1] = 3\nz = Const i32[] = 0\ny = GatherV2 s n z | Tparams=:i32", "{?}"},
    {"s = Shape:f32 x\nu = Unpack:i32 s | num=3\ny = Mul:i32 u:1 u:2", "{24}"},
    {"s = Shape:f32 x\nu = Unpack:i32 s | num=3\ny = Mul:i32 u:0 u:2", "{?}"},
    {"s = Shape:f32 x\nn = Const i32[] = 2\ny = FloorDiv:i32 s n", "{?,2,3}"},
    {"n = Const i32[] = -7\nm = Const i32[] = 2\ny = FloorDiv:i32 n m", "{?}"},
    {"n = Const i32[] = 7\nm = Const i32[] = 0\ny = FloorMod:i32 n m", "{?}"},
    {"n = Const i32[2] = 7 -1\nm = Const i32[2] = 2 0\ny = Maximum:i32 n m", "{7,0}"},
    {"n = Const i32[2] = 7 -1\nm = Const i32[1] = 2\ny = Sub:i32 n m", "{5,-3}"},
    {"n = Const i32[] = 2147483647\ny = AddV2:i32 n n", "{?}"},
    {"n = Const i64[] = 2147483647\ny = AddV2:i64 n n", "{4294967294}"},
    {"n = Const i64[] = 9223372036854775807\ny = Mul:i64 n n", "{?}"},
    {"n = Const i32[3] = 7 2 3\nz = Const i32[] = 0\ny = Prod:i32 n z", "{42}"},
    {"n = Const i32[3] = 7 2 3\nz = Const i32[] = 0\ny = Sum:i32 n z | keep_dims=true", "{12}"},
    {"n = Const i32[3] = 7 2 3\nz = Const i32[0]\ny = Sum:i32 n z", ""},
    {"n = Const i32[3] = 7 2 3\nz = Const i32[] = 0\ny = Min:i32 n z", "{2}"},
    {"a = Const i32[] = 1\nb = Const i32[] = 6\nc = Const i32[] = 2\ny = Range a b c | Tidx=:i32", "{1,3,5}"},
    {"a = Const i32[] = 6\nb = Const i32[] = 1\nc = Const i32[] = 2\ny = Range a b c | Tidx=:i32", "{}"},
    {"a = Const i32[1] = 3\nb = Const i32[] = 8\ny = Fill:i32 a b", "{8,8,8}"},
    {"a = Const i32[1] = 300\nb = Const i32[] = 8\ny = Fill:i32 a b", ""},
    {"n = Const i32[] = 7\nz = Const i32[] = 0\ny = ExpandDims:i32 n z", "{7}"},
    {"n = Const i32[1,1] = 7\ny = Squeeze:i32 n", "{7}"},
};

std::string numbers_of_last(const std::string& text) {
  const auto graph = graph_text::graph_of("x = Placeholder f32[?,4,6]\np = Placeholder bool[...]\n" + text);
  const InferredShapes inferred = infer_shapes(*graph, {});
  EXPECT_TRUE(inferred.clashes.empty());
  const TensorFact& fact = inferred.nodes[graph->node_count() - 1].at(0);
  return fact.numbers ? text_of(*fact.numbers) : "";
}

TEST(ShapeNumbers, AreEvaluated) {
  for (const ShapeCase& one : kNumberCases) EXPECT_EQ(numbers_of_last(one.graph), one.shapes) << one.graph;
}

// Flatten of Keras: Shape, StridedSlice, Prod, Pack, Reshape.
TEST(ShapeNumbers, MakeAFlattenedShape) {
  const auto graph = graph_text::graph_of(R"(
    x = Placeholder f32[?,7,7,3]
    s = Shape:f32 x
    one = Const i32[1] = 1
    zero = Const i32[1] = 0
    rest = StridedSlice:i32 s one zero one | end_mask=1
    axis = Const i32[] = 0
    size = Prod:i32 rest axis
    open = Const i32[] = -1
    to = Pack:i32 open size | N=2
    y = Reshape:f32 x to
  )");
  EXPECT_EQ(shapes_of_last(*graph, infer_shapes(*graph, {})), "[?,147]");
  EXPECT_EQ(shapes_of_last(*graph, infer_shapes(*graph, {{0, Shape({5, 7, 7, 3})}})), "[5,147]");
}

}  // namespace
}  // namespace thaw::internal
