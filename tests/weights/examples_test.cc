// Small graphs with the structure of real ones, told by reads and by what only variables do: what each of
// their constants is, and by which rule.
#include <gtest/gtest.h>

#include "weights/decisions.h"

namespace thaw::internal {
namespace {

class ReadExamples : public testing::TestWithParam<Example> {};

TEST_P(ReadExamples, AreDecidedConstantByConstant) {
  EXPECT_EQ(decide(GetParam().graph), GetParam().expected);
}

const Example kReads[] = {
    {"ReadByName",
     R"(
       x = Placeholder f32[?,6]
       dense/kernel = Const f32[6,4]
       dense/kernel/read = Identity:f32 dense/kernel | _class=[loc:@dense/kernel]
       encode/dense/MatMul = MatMul:f32 x dense/kernel/read
       dense/bias = Const f32[4] splat 0
       dense/bias/read = Identity:f32 dense/bias
       encode/dense/BiasAdd = BiasAdd:f32 encode/dense/MatMul dense/bias/read
     )",
     {{"dense/kernel", "variable trainable E1+R0"}, {"dense/bias", "variable trainable E1+R0"}}},
    {"NamesWithoutMeaning",
     R"(
       x = Placeholder f32[49,10]
       W_o = Const f32[10,3]
       W_o/read = Identity:f32 W_o | _class=[loc:@W_o]
       y = MatMul:f32 x W_o/read
       b_o = Const f32[3]
       b_o/read = Identity:f32 b_o
       out = Add:f32 y b_o/read
       LSTM-Layer/lstm/rnn/Shape = Const i32[3] = 49 1 10
       fixed = Reshape:f32 out LSTM-Layer/lstm/rnn/Shape
     )",
     {{"W_o", "variable trainable E1+R0"},
      {"b_o", "variable trainable E1+R0"},
      {"LSTM-Layer/lstm/rnn/Shape", "kept N1"}}},
    {"ReadInAFrame",
     R"(
       x = Placeholder f32[?,4]
       rnn/kernel = Const f32[8,4]
       rnn/kernel/read = Identity:f32 rnn/kernel
       rnn/while/Enter = Enter:f32 x | frame_name=f
       rnn/while/Merge = Merge:f32 rnn/while/Enter rnn/while/Enter | N=2
       rnn/while/MatMul/Enter = Enter:f32 rnn/kernel/read | frame_name=f is_constant=true
       rnn/while/Identity = Identity:f32 rnn/while/Merge
       rnn/while/one = Const f32[] ^rnn/while/Identity
       rnn/while/MatMul = MatMul:f32 rnn/while/Identity rnn/while/MatMul/Enter
       rnn/while/Add = Add:f32 rnn/while/MatMul rnn/while/one
     )",
     {{"rnn/kernel", "variable trainable E1+R0"}, {"rnn/while/one", "kept N10"}}},
    {"BranchOnTheVariableItself",
     R"(
       p = Placeholder bool[]
       in_0 = Const f32[3,4]
       in_0/read = Identity:f32 in_0 | _class=[loc:@in_0]
       cond/Switch = Switch:f32 in_0 p | _class=[loc:@in_0]
       cond/Relu = Relu:f32 cond/Switch:1
       out = Add:f32 in_0/read cond/Relu
     )",
     {{"in_0", "variable trainable E1+R0"}}},
    {"ColocatedIdentityThatIsNoRead",
     R"(
       x = Placeholder i64[?]
       Rowsplits = Const i64[4] = 0 2 2 5
       RaggedFromRowSplits/control_dependency = Identity:i64 Rowsplits ^x | _class=[loc:@Rowsplits]
       y = Add:i64 RaggedFromRowSplits/control_dependency x
     )",
     {{"Rowsplits", "kept N1"}}},
    {"ReadOfAResource",
     R"(
       x = Placeholder f32[?,4]
       model/dense/MatMul/ReadVariableOp/resource = Const f32[4,2]
       model/dense/MatMul/ReadVariableOp = Identity:f32 model/dense/MatMul/ReadVariableOp/resource
       model/dense/MatMul = MatMul:f32 x model/dense/MatMul/ReadVariableOp
       unknown_3 = Const f32[2]
       model/dense/BiasAdd/ReadVariableOp_1 = Identity:f32 unknown_3
       model/dense/BiasAdd = BiasAdd:f32 model/dense/MatMul model/dense/BiasAdd/ReadVariableOp_1
     )",
     {{"model/dense/MatMul/ReadVariableOp/resource", "variable trainable E2+R0"},
      {"unknown_3", "variable trainable E2+R0"}}},
    {"FoldedReads",
     R"(
       x = Placeholder f32[?,8,8,3]
       MobilenetV2/Conv/weights/read/_2__cf__2 = Const f32[3,3,3,4]
       MobilenetV2/Conv/Conv2D = Conv2D:f32 x MobilenetV2/Conv/weights/read/_2__cf__2
       gamma = Const f32[4] splat 1
       beta/read/_3__cf__3 = Const f32[4]
       moving_mean/read/_4__cf__4 = Const f32[4]
       moving_variance/read/_5__cf__5 = Const f32[4]
       bn = FusedBatchNorm:f32 MobilenetV2/Conv/Conv2D gamma beta/read/_3__cf__3 moving_mean/read/_4__cf__4 moving_variance/read/_5__cf__5 | is_training=false
     )",
     {{"MobilenetV2/Conv/weights/read/_2__cf__2", "variable trainable E3+R0"},
      {"gamma", "kept N4"},
      {"beta/read/_3__cf__3", "variable trainable E3+R0"},
      {"moving_mean/read/_4__cf__4", "variable statistic E3+R1"},
      {"moving_variance/read/_5__cf__5", "variable statistic E3+R1"}}},
    {"EmbeddingShards",
     R"(
       ids = Placeholder i32[?]
       in_0/part_0 = Const f32[4,6]
       in_0/part_0/read = Identity:f32 in_0/part_0
       in_0/part_1 = Const f32[4,6]
       in_0/part_1/read = Identity:f32 in_0/part_1
       e/axis = Const i32[] = 0 | _class=[loc:@in_0/part_0]
       e/GatherV2 = GatherV2 in_0/part_0/read ids e/axis | Tparams=:f32 _class=[loc:@in_0/part_0]
       e/GatherV2_1 = GatherV2 in_0/part_1/read ids e/axis | Tparams=:f32 _class=[loc:@in_0/part_1]
       e/stitch = DynamicStitch:f32 ids ids e/GatherV2 e/GatherV2_1 | N=2
     )",
     {{"in_0/part_0", "variable trainable E1+R0"},
      {"in_0/part_1", "variable trainable E1+R0"},
      {"e/axis", "kept N1"}}},
    {"LookupColocatedWithItsTable",
     R"(
       ids = Placeholder i32[?]
       table = Const f32[40,6]
       axis = Const i32[] = 0
       embedding_lookup = GatherV2 table ids axis | Tparams=:f32 _class=[loc:@table]
     )",
     {{"table", "variable trainable E4+R0"}, {"axis", "kept N1"}}},
    {"CarelessFreeze",
     R"(
       x = Placeholder f32[4]
       i = Placeholder i32[]
       Variable = Const f32[4]
       Assign = Assign:f32 Variable x
       counter = Const i64[] = 3
       inc = AssignAdd:i64 counter one
       one = Const i64[] = 1
       table = Const f32[8,4]
       table/read = Identity:f32 table
       scatter = ScatterAdd:f32 table i x
       out = Gather:f32 table/read i
       handle = Const f32[2]
       set = AssignVariableOp handle two | dtype=:f32
       two = Const f32[2]
     )",
     {{"Variable", "variable state E0+R6 ref"},
      {"counter", "variable state E0+R7 ref"},
      {"one", "kept N1"},
      {"table", "variable trainable E0+E1+R0 ref"},
      {"handle", "variable state E0+R6 ref"},
      {"two", "kept N8"}}},
};

INSTANTIATE_TEST_SUITE_P(Weights, ReadExamples, testing::ValuesIn(kReads), example_name);

}  // namespace
}  // namespace thaw::internal
