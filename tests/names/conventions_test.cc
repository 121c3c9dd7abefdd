#include "names/conventions.h"

#include <gtest/gtest.h>

namespace thaw::internal {
namespace {

struct Case {
  std::string name;
  NameHint hint;
  std::string role;
};

class Conventions : public testing::TestWithParam<Case> {};

TEST_P(Conventions, AreRecognised) {
  const auto& [name, hint, role] = GetParam();
  EXPECT_EQ(hint_of(name), hint) << name;
  EXPECT_EQ(convention_of(name).role, role) << name;
}

INSTANTIATE_TEST_SUITE_P(Weights, Conventions,
                         testing::ValuesIn<Case>({
                             {"dense/kernel", NameHint::weight, "kernel"},
                             {"kernel", NameHint::weight, "kernel"},
                             {"InceptionV1/Conv2d_1a_7x7/weights", NameHint::weight, "kernel"},
                             {"layer/W", NameHint::weight, "kernel"},
                             {"W1", NameHint::weight, "kernel"},
                             {"h6", NameHint::weight, "kernel"},
                             {"b3", NameHint::weight, "bias"},
                             {"dense_1/bias", NameHint::weight, "bias"},
                             {"bias_2", NameHint::weight, "bias"},
                             {"BatchNorm/gamma", NameHint::weight, "gamma"},
                             {"BatchNorm/beta_1", NameHint::weight, "beta"},
                             {"gru_cell/gates/kernel", NameHint::weight, "kernel"},
                             {"lstm/recurrent_kernel", NameHint::weight, "recurrent_kernel"},
                             {"sep/depthwise_weights", NameHint::weight, "depthwise_kernel"},
                             {"embedding/embeddings", NameHint::weight, "table"},
                             {"bert/embeddings/word_embeddings", NameHint::weight, "table"},
                             {"p_re_lu/alpha", NameHint::weight, "alpha"},
                             {"lstm_cell/w_f_diag", NameHint::weight, "peephole"},
                             {"Variable_12", NameHint::weight, ""},
                             {"dense/kernel/part_3", NameHint::weight, "kernel"},
                         }));

INSTANTIATE_TEST_SUITE_P(NotTrained, Conventions,
                         testing::ValuesIn<Case>({
                             {"bn/moving_mean", NameHint::statistic, "mean"},
                             {"bn/moving_variance_1", NameHint::statistic, "variance"},
                             {"bn/running_var", NameHint::statistic, "variance"},
                             {"bn/running_std", NameHint::statistic, "statistic"},
                             {"x/moving_avg", NameHint::statistic, "mean"},
                             {"bn/moving_mean/part_0", NameHint::statistic, "mean"},
                             {"global_step", NameHint::state, "step"},
                             {"train/my_step", NameHint::state, "step"},
                             {"beta1_power", NameHint::state, "power"},
                             {"beta2_power_1", NameHint::state, "power"},
                             {"learning_rate", NameHint::state, "rate"},
                             {"dense/kernel/Adam", NameHint::state, "slot"},
                             {"dense/kernel/Adam_1", NameHint::state, "slot"},
                             {"dense/kernel/Momentum", NameHint::state, "slot"},
                             {"dense/kernel/RMSProp_1", NameHint::state, "slot"},
                             {"dense/kernel/adam_m", NameHint::state, "slot"},
                             {"Adam/dense/kernel/m", NameHint::state, "slot"},
                             {"training/SGD/iter", NameHint::state, "slot"},
                             {"dense/kernel/ExponentialMovingAverage", NameHint::state, "average"},
                             {"bn/moving_mean/biased", NameHint::state, "average"},
                             {"bn/moving_mean/local_step", NameHint::state, "step"},
                             {"conv/act_quant/min", NameHint::state, "range"},
                             {"conv/weights_quant/max", NameHint::state, "range"},
                             {"previous_state_c", NameHint::state, "initial_state"},
                             {"dense/sn_u", NameHint::state, "spectral"},
                         }));

INSTANTIATE_TEST_SUITE_P(Unknown, Conventions,
                         testing::ValuesIn<Case>({
                             {"", NameHint::none, ""},
                             {"/", NameHint::none, ""},
                             {"a/min", NameHint::none, ""},
                             {"part_0", NameHint::none, ""},
                             {"kernels_of_truth", NameHint::none, ""},
                             {"kernel/x", NameHint::none, ""},
                             {"x/u", NameHint::none, ""},
                             {"Adamant", NameHint::none, ""},
                             {"W1x", NameHint::none, ""},
                             {"12", NameHint::none, ""},
                             {"_1", NameHint::none, ""},
                             {"unknown_3", NameHint::none, ""},
                         }));

TEST(Conventions, TakeUForStateOnlyAsAVector) {
  const std::vector<std::int64_t> row = {1, 64}, matrix = {64, 64};
  EXPECT_EQ(hint_of("conv/u", row), NameHint::state);
  EXPECT_EQ(hint_of("gru/u", matrix), NameHint::none);
}

}  // namespace
}  // namespace thaw::internal
