// Small graphs with the structure of real ones, told by the slots and the arithmetic they reach: what each of
// their constants is, and by which rule.
#include <gtest/gtest.h>

#include "weights/decisions.h"

namespace thaw::internal {
namespace {

class SlotExamples : public testing::TestWithParam<Example> {};

TEST_P(SlotExamples, AreDecidedConstantByConstant) {
  EXPECT_EQ(decide(GetParam().graph), GetParam().expected);
}

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
      {"alpha1", "variable trainable E7+R0"},
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

INSTANTIATE_TEST_SUITE_P(Slots, SlotExamples, testing::ValuesIn(kSlots), example_name);
INSTANTIATE_TEST_SUITE_P(Arithmetic, SlotExamples, testing::ValuesIn(kArithmetic), example_name);

}  // namespace
}  // namespace thaw::internal
