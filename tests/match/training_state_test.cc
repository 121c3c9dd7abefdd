// What optimisers and averages keep, by its name.
#include "match/training_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "match/sides.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

struct StateCase {
  std::string name;
  TrainingKind kind;
  std::optional<double> initial;
};

using enum TrainingKind;

const StateCase kStateCases[] = {
    {"w/Adam 2", slot, 0},
    {"w/Adam_1 2", slot, 0},
    {"train/w/Adam 2", slot, 0},
    {"w/Momentum 2", slot, 0},
    {"w/RMSProp 2", slot, 1},
    {"w/RMSProp_1 2", slot, 0},
    {"w/Adagrad 2", slot, 0.1},
    {"w/Adadelta_1 2", slot, 0},
    {"w/Ftrl 2", slot, 0.1},
    {"w/Ftrl_1 2", slot, 0},
    {"w/my_optimizer 2", slot, std::nullopt},
    {"Adam/w/m 2", slot, 0},
    {"training/RMSprop/w/rms 2", slot, 0},
    {"Adam/iter ", step, 0},
    {"Adam/learning_rate ", rate, std::nullopt},
    {"beta1_power ", power, 0.9},
    {"train/beta2_power ", power, 0.999},
    {"beta1_power_1 ", power, 0.9},
    {"gamma_power ", power, std::nullopt},
    {"global_step ", step, 0},
    {"w/ExponentialMovingAverage 2", average, std::nullopt},
    {"v 2", none, std::nullopt},
    {"dense/kernel 2", none, std::nullopt},
    {"w/kernel 2", none, std::nullopt},
    {"w/my_optimizer 3", none, std::nullopt},
    {"Adam 2", none, std::nullopt},
    {"steps_per_day 2", none, std::nullopt},
    {"batch_normalization/moving_mean 2", none, std::nullopt},
};

TEST(TrainingState, IsToldByName) {
  for (const StateCase& row : kStateCases) {
    const std::vector<Slot> slots = slots_of({"w 2", row.name});
    const TrainingState state = TrainingStates(slots).find(slots[1]);
    EXPECT_EQ(state.kind, row.kind) << row.name;
    EXPECT_EQ(state.initial, row.initial) << row.name;
  }
}

TEST(TrainingState, IsNotWhatTheGraphTrains) {
  std::vector<Slot> slots = slots_of({"w 2", "w/extra 2"});
  slots[1].trainable = true;
  EXPECT_EQ(TrainingStates(slots).find(slots[1]).kind, none);
}

TEST(Optimizers, AreKnownByTheirWord) {
  EXPECT_EQ(find_optimizer("adam").per_variable.size(), 2u);
  EXPECT_EQ(find_optimizer("rmsprop").per_variable[0].initial, 1);
  EXPECT_TRUE(find_optimizer("sgd").per_variable.empty());
  EXPECT_EQ(find_optimizer("AdamOptimizer").name, "adam");
  EXPECT_EQ(find_optimizer("RMSProp").name, "rmsprop");
  EXPECT_THAT([] { find_optimizer("lion"); }, throws_error(ErrorKind::usage, "one of adam, momentum"));
}

}  // namespace
}  // namespace thaw::internal
