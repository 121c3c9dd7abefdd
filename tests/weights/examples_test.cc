// Small graphs with the structure of real ones: what each of their constants is, and by which rule.
#include <gtest/gtest.h>

#include "weights/decisions.h"

namespace thaw::internal {
namespace {

class Examples : public testing::TestWithParam<Example> {};

TEST_P(Examples, AreDecidedConstantByConstant) { EXPECT_EQ(decide(GetParam().graph), GetParam().expected); }

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
      {"gamma", "variable trainable E5+R0"},
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

const Example kSlots[] = {
    {"BlockLstm",
     R"(
       t = Placeholder i64[]
       x = Placeholder f32[4,1,5]
       kernel = Const f32[8,12]
       kernel/read = Identity:f32 kernel
       bias = Const f32[12] = 0 0 0 0 0 0 0 0 0 0 0 0
       bias/read = Identity:f32 bias
       zeros = Const f32[1,3] splat 0
       zeros_1 = Const f32[3] splat 0
       lstm_fused_cell/BlockLSTM = BlockLSTM:f32 t x zeros zeros kernel/read zeros_1 zeros_1 zeros_1 bias/read | cell_clip=-1.0 forget_bias=1.0 use_peephole=false
     )",
     {{"kernel", "variable trainable E1+R0"},
      {"bias", "variable trainable E1+R0"},
      {"zeros", "kept N4"},
      {"zeros_1", "kept N7"}}},
    {"Peepholes",
     R"(
       t = Placeholder i64[]
       x = Placeholder f32[4,1,5]
       kernel = Const f32[8,12]
       bias = Const f32[12]
       c = Const f32[1,3]
       h = Const f32[1,3]
       w_i_diag = Const f32[3]
       w_f_diag = Const f32[3]
       w_o_diag = Const f32[3]
       lstm = BlockLSTM:f32 t x c h kernel w_i_diag w_f_diag w_o_diag bias | use_peephole=true
     )",
     {{"kernel", "variable trainable E5+R0"},
      {"bias", "variable trainable E5+R0"},
      {"c", "kept E5+N7"},
      {"h", "kept E5+N7"},
      {"w_i_diag", "variable trainable E5+R0"},
      {"w_f_diag", "variable trainable E5+R0"},
      {"w_o_diag", "variable trainable E5+R0"}}},
    {"UnitGamma",
     R"(
       x = Placeholder f32[?,8,8,3]
       conv_1/weights = Const f32[3,3,3,4]
       conv_1/weights/read = Identity:f32 conv_1/weights
       conv = Conv2D:f32 x conv_1/weights/read
       MobileNet/conv_1/batch_norm/Const = Const f32[4] splat 1
       batch_norm/beta = Const f32[4]
       batch_norm/beta/read = Identity:f32 batch_norm/beta
       batch_norm/moving_mean = Const f32[4]
       batch_norm/moving_mean/read = Identity:f32 batch_norm/moving_mean
       batch_norm/moving_variance = Const f32[4]
       batch_norm/moving_variance/read = Identity:f32 batch_norm/moving_variance
       bn = FusedBatchNorm:f32 conv MobileNet/conv_1/batch_norm/Const batch_norm/beta/read batch_norm/moving_mean/read batch_norm/moving_variance/read | is_training=false
     )",
     {{"conv_1/weights", "variable trainable E1+R0"},
      {"MobileNet/conv_1/batch_norm/Const", "kept N4"},
      {"batch_norm/beta", "variable trainable E1+R0"},
      {"batch_norm/moving_mean", "variable statistic E1+R1"},
      {"batch_norm/moving_variance", "variable statistic E1+R1"}}},
    {"NormalisationThatStillTrains",
     R"(
       x = Placeholder f32[?,8,8,3]
       gamma = Const f32[3]
       beta = Const f32[3]
       BatchNorm/Const = Const f32[0]
       BatchNorm/Const_1 = Const f32[0]
       bn = FusedBatchNorm:f32 x gamma beta BatchNorm/Const BatchNorm/Const_1 | is_training=true epsilon=0.001
     )",
     {{"gamma", "variable trainable E5+R0"},
      {"beta", "variable trainable E5+R0"},
      {"BatchNorm/Const", "kept N2"},
      {"BatchNorm/Const_1", "kept N2"}}},
    {"FixedFilterInAKernelsSlot",
     R"(
       x = Placeholder f32[1,30,4]
       eye_filter = Const f32[2,2,4] = 1 0 0 0  0 1 0 0  0 0 1 0  0 0 0 1
       dim = Const i32[] = 0
       filter = ExpandDims:f32 eye_filter dim
       windows = Conv2D:f32 x filter
       scores = MatMul:f32 windows w
       w = Const f32[4,3]
     )",
     {{"eye_filter", "unsure E5+N9"}, {"dim", "kept N1"}, {"w", "variable trainable E5+R0"}}},
    {"DilatedConvolutionWithItsHelpers",
     R"(
       x = Placeholder f32[1,1,40,8]
       block = Const i32[1] = 2
       paddings = Const i32[1,2] = 2 2
       crops = Const i32[1,2] = 0 0
       kernel = Const f32[1,3,8,16]
       s = SpaceToBatchND:f32 x block paddings
       c = Conv2D:f32 s kernel
       b = BatchToSpaceND:f32 c block crops
     )",
     {{"block", "kept N1"},
      {"paddings", "kept N1"},
      {"crops", "kept N1"},
      {"kernel", "variable trainable E5+R0"}}},
    {"OneKernelForManySteps",
     R"(
       x = Placeholder f32[?,4]
       kernel = Const f32[4,4]
       s0 = MatMul:f32 x kernel
       s1 = MatMul:f32 s0 kernel
       s2 = MatMul:f32 s1 kernel
       bias = Const f32[4]
       o0 = BiasAdd:f32 s0 bias
       o2 = BiasAdd:f32 s2 bias
     )",
     {{"kernel", "variable trainable E5+R0"}, {"bias", "variable trainable E5+R0"}}},
    {"ColourConversion",
     R"(
       x = Placeholder f32[?,3]
       kernel = Const f32[3,3] = 0.299 0.596 0.211 0.587 -0.274 -0.523 0.114 -0.322 0.312
       yiq = MatMul:f32 x kernel
     )",
     {{"kernel", "unsure E5+N9"}}},
    {"QuantisationRanges",
     R"(
       x = Placeholder f32[?]
       min = Const f32[] = -6
       min/read = Identity:f32 min
       max = Const f32[] = 6
       max/read = Identity:f32 max
       q = FakeQuantWithMinMaxVars x min/read max/read | num_bits=8
     )",
     {{"min", "variable state E1+R3"}, {"max", "variable state E1+R3"}}},
};

const Example kArithmetic[] = {
    {"ReluWithLearnedSlope",
     R"(
       x = Placeholder f32[1,8,8,1]
       f1 = Const f32[5,5,1,4]
       conv = Conv2D:f32 x f1
       b1 = Const f32[4]
       add = Add:f32 conv b1
       abs = Abs:f32 add
       sub = Sub:f32 add abs
       alpha1 = Const f32[4]
       mul = Mul:f32 alpha1 sub
       mul_1/y = Const f32[] = 0.5
       mul_1 = Mul:f32 mul mul_1/y
       relu = Relu:f32 add
       add_1 = Add:f32 relu mul_1
       f2 = Const f32[5,5,4,1]
       conv2 = Conv2D:f32 add_1 f2
       b2 = Const f32[1]
       out = BiasAdd:f32 conv2 b2
     )",
     {{"f1", "variable trainable E5+R0"},
      {"b1", "variable trainable E7+E8+R0"},
      {"alpha1", "variable trainable E7+E8+R0"},
      {"mul_1/y", "kept N10"},
      {"f2", "variable trainable E5+R0"},
      {"b2", "variable trainable E5+R0"}}},
    {"StandardisedInputOfACustomOperation",
     R"(
       coord = Placeholder f64[?,3]
       t_avg = Const f64[1,4]
       t_avg/read = Identity:f64 t_avg
       t_std = Const f64[1,4]
       t_std/read = Identity:f64 t_std
       env = ProdEnvMatA coord t_avg/read t_std/read
       matrix = Const f64[4,8]
       matrix/read = Identity:f64 matrix
       layer = MatMul:f64 env matrix/read
       bias = Const f64[1,8]
       bias/read = Identity:f64 bias
       sum = Add:f64 layer bias/read
       idt = Const f64[8]
       idt/read = Identity:f64 idt
       step = Mul:f64 sum idt/read
     )",
     {{"t_avg", "variable state E1+R6"},
      {"t_std", "variable state E1+R6"},
      {"matrix", "variable trainable E1+R0"},
      {"bias", "variable trainable E1+R0"},
      {"idt", "variable trainable E1+R0"}}},
    {"NormalisationByArithmetic",
     R"(
       x = Placeholder f32[?,4]
       moving_variance = Const f32[4]
       moving_variance/read = Identity:f32 moving_variance
       eps = Const f32[] = 0.001
       batchnorm/add = Add:f32 moving_variance/read eps
       batchnorm/Rsqrt = Rsqrt:f32 batchnorm/add
       g = Const f32[4]
       g/read = Identity:f32 g
       batchnorm/mul = Mul:f32 batchnorm/Rsqrt g/read
       batchnorm/mul_1 = Mul:f32 x batchnorm/mul
       mean = Const f32[4]
       mean/read = Identity:f32 mean
       batchnorm/mul_2 = Mul:f32 mean/read batchnorm/mul
       b = Const f32[4]
       b/read = Identity:f32 b
       batchnorm/sub = Sub:f32 b/read batchnorm/mul_2
       batchnorm/add_1 = Add:f32 batchnorm/mul_1 batchnorm/sub
     )",
     {{"moving_variance", "variable statistic E1+R2"},
      {"eps", "kept N10"},
      {"g", "variable trainable E1+R0"},
      {"mean", "variable statistic E1+R2"},
      {"b", "variable trainable E1+R0"}}},
};

INSTANTIATE_TEST_SUITE_P(Reads, Examples, testing::ValuesIn(kReads), example_name);
INSTANTIATE_TEST_SUITE_P(Slots, Examples, testing::ValuesIn(kSlots), example_name);
INSTANTIATE_TEST_SUITE_P(Arithmetic, Examples, testing::ValuesIn(kArithmetic), example_name);

}  // namespace
}  // namespace thaw::internal
