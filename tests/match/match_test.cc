// Which weight goes where, by stage.
#include "match/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "match/proposals.h"
#include "match/sides.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;
using Lines = std::vector<std::string>;

struct Case {
  const char* what;
  Lines weights, slots, expected;
};

const Case kCases[] = {
    {"equal names", {"a/w", "a/b"}, {"a/b", "a/w"}, {"a/b <- a/b (exact)", "a/w <- a/w (exact)"}},
    {"no name in common, and shapes that several have", {"a 2", "b 2"}, {"c 2", "d 2"}, {}},
    {"weights and biases",
     {"conv/weights 3,3", "conv/biases 3"},
     {"conv/kernel 3,3", "conv/bias 3"},
     {"conv/bias <- conv/biases (convention)", "conv/kernel <- conv/weights (convention)"}},
    {"the cells of TensorFlow 1.0",
     {"rnn/basic_lstm_cell/weights 4,8", "rnn/gru_cell/gates/biases 4"},
     {"rnn/lstm_cell/kernel 4,8", "rnn/gru_cell/gates/bias 4"},
     {"rnn/gru_cell/gates/bias <- rnn/gru_cell/gates/biases (convention)",
      "rnn/lstm_cell/kernel <- rnn/basic_lstm_cell/weights (convention)"}},
    {"the moving average of a weight that is frozen under its own name",
     {"conv/w"},
     {"conv/w", "conv/w/ExponentialMovingAverage"},
     {"conv/w <- conv/w (exact)", "conv/w/ExponentialMovingAverage <- conv/w (average)"}},
    {"a scope that the target has",
     {"h1 2,3", "b1 3"},
     {"model/deepspeech/h1 2,3", "model/deepspeech/b1 3"},
     {"model/deepspeech/b1 <- b1 (scope)", "model/deepspeech/h1 <- h1 (scope)"}},
    {"a scope that the model has",
     {"import/h1 2,3", "import/b1 3"},
     {"h1 2,3", "b1 3"},
     {"b1 <- import/b1 (scope)", "h1 <- import/h1 (scope)"}},
    {"one scope for another, and another convention",
     {"net/a/weights 2,2", "net/b/weights 2,2"},
     {"my/a/kernel 2,2", "my/b/kernel 2,2"},
     {"my/a/kernel <- net/a/weights (scope)", "my/b/kernel <- net/b/weights (scope)"}},
    {"two scopes for two parts",
     {"a/w 2", "b/w 2"},
     {"x/a/w 2", "y/b/w 2"},
     {"x/a/w <- a/w (scope)", "y/b/w <- b/w (scope)"}},
    {"a series that begins elsewhere",
     {"dense/kernel 2,2", "dense_1/kernel 2,2", "dense_2/kernel 2,2"},
     {"dense_3/kernel 2,2", "dense_4/kernel 2,2", "dense_5/kernel 2,2"},
     {"dense_3/kernel <- dense/kernel (numbers)", "dense_4/kernel <- dense_1/kernel (numbers)",
      "dense_5/kernel <- dense_2/kernel (numbers)"}},
    {"a series that overlaps: the same name is another layer",
     {"dense_1/kernel 2,2", "dense_2/kernel 2,2"},
     {"dense/kernel 2,2", "dense_1/kernel 2,2"},
     {"dense/kernel <- dense_1/kernel (numbers)", "dense_1/kernel <- dense_2/kernel (numbers)"}},
    {"a series that is longer on one side goes by its names",
     {"dense/kernel 2,2", "dense_1/kernel 2,2"},
     {"dense/kernel 2,2", "dense_1/kernel 2,2", "dense_2/kernel 2,2"},
     {"dense/kernel <- dense/kernel (exact)", "dense_1/kernel <- dense_1/kernel (exact)"}},
    {"numbers beyond nine are numbers",
     {"v_9/w 2,2", "v_10/w 2,2"},
     {"v_1/w 2,2", "v_2/w 2,2"},
     {"v_1/w <- v_9/w (numbers)", "v_2/w <- v_10/w (numbers)"}},
    {"one of its shape, and its bias with it",
     {"first/kernel 7,3", "first/bias 3", "second/kernel 5,3", "second/bias 3"},
     {"input/w 7,3", "input/b 3", "output/w 5,3", "output/b 3"},
     {"input/b <- first/bias (sibling)", "input/w <- first/kernel (structure)",
      "output/b <- second/bias (sibling)", "output/w <- second/kernel (structure)"}},
    {"one of its shape, but of another role", {"x/gamma 3"}, {"y/bias 3"}, {}},
    {"one of its shape, but the series would cross",
     {"a_1/w 2,2", "a_2/w 3,3"},
     {"b_2/w 2,2", "b_1/w 3,3"},
     {}},
};

TEST(Match, PlacesWeights) {
  for (const Case& row : kCases) EXPECT_EQ(matched(row.weights, row.slots).lines(), row.expected) << row.what;
}

TEST(Match, LeavesTrainingStateAlone) {
  const Sides sides = matched({"w 2,2"}, {"w 2,2", "w/Adam 2,2", "w/Adam_1 2,2", "x 2,2"});
  EXPECT_THAT(sides.lines(), ElementsAreArray({"w <- w (exact)"}));
  EXPECT_THAT(sides.matching.slots, ElementsAre(3));
}

TEST(Match, NamesOfOtherShapesClashAndAreNotMatchedElsewhere) {
  const Sides sides = matched({"h6 4,29", "h5 4,40"}, {"h6 4,40", "x 4,29"});
  EXPECT_THAT(sides.lines(), IsEmpty());
  ASSERT_EQ(sides.matching.clashes.size(), 1u);
  EXPECT_THAT(sides.matching.weights, ElementsAre(1));
}

// The third layer of one program has the name of the second of the other.
TEST(Match, NumbersThatOnlyCountProveNothing) {
  const std::vector<Weight> weights = weights_of({"d 4,8", "d_1 8,8", "d_2 8,8", "d_3 8,9"});
  const std::vector<Slot> slots = slots_of({"d_1 4,8", "d_2 8,8", "d_3 8,8", "d_4 8,5"});
  const Sides named{weights, slots, match(weights, slots, {})};
  EXPECT_THAT(named.lines(), testing::Contains("d_2 <- d_2 (exact)"));
  const Sides counted{weights, slots, match(weights, slots, {true, false, {}, true})};
  EXPECT_THAT(counted.lines(), ElementsAreArray({"d_1 <- d (structure)"}));
}

// Groups of a file that are called after classes: `d` is the first of its layers, whatever its name was.
TEST(Match, PlacesAreNoNames) {
  MatchWishes wishes{true, false, {}, true, true};
  const Sides in_order = matched({"d/kernel 4", "d_1/kernel 4"}, {"d/kernel 4", "d_1/kernel 4"}, wishes);
  EXPECT_THAT(in_order.lines(),
              ElementsAreArray({"d/kernel <- d/kernel (exact)", "d_1/kernel <- d_1/kernel (exact)"}));
  const Sides shuffled = matched({"d_1/kernel 4", "d/kernel 4"}, {"d/kernel 4", "d_1/kernel 4"}, wishes);
  EXPECT_THAT(shuffled.lines(), ElementsAre());
  wishes.accept_order = true;
  const Sides accepted = matched({"d_1/kernel 4", "d/kernel 4"}, {"d/kernel 4", "d_1/kernel 4"}, wishes);
  EXPECT_THAT(accepted.lines(),
              ElementsAreArray({"d/kernel <- d_1/kernel (order)", "d_1/kernel <- d/kernel (order)"}));
}

TEST(Match, CellsOfTwoLayoutsStayApart) {
  std::vector<Weight> weights = weights_of({"rnn/lstm_cell/bias 8"});
  std::vector<Slot> slots = slots_of({"lstm/lstm_cell/bias 8"});
  EXPECT_EQ(match(weights, slots, {}).placements.size(), 1u);
  weights[0].cell = CellLayout::joined;
  slots[0].cell = CellLayout::split;
  EXPECT_EQ(match(weights, slots, {}).placements.size(), 0u);
  EXPECT_EQ(match(weights, slots, {true, true, {}}).placements.size(), 0u);
  slots[0].cell = CellLayout::joined;
  EXPECT_EQ(match(weights, slots, {}).placements.size(), 1u);
}

TEST(Match, OtherTypesClash) {
  std::vector<Weight> weights = weights_of({"w 2"});
  weights[0].dtype = DType::float16;
  const std::vector<Slot> slots = slots_of({"w 2"});
  EXPECT_EQ(match(weights, slots, {}).clashes.size(), 1u);
}

TEST(Match, ShapesThatAreNotKnownFit) {
  std::vector<Slot> slots = slots_of({"w 2", "v 2"});
  slots[0].shape = Shape::of_unknown_rank();
  slots[1].shape = Shape({-1});
  EXPECT_EQ(match(weights_of({"w 2,3", "v 7"}), slots, {}).placements.size(), 2u);
}

TEST(Match, ScopesThatFitEquallyWellAreNotChosenFrom) {
  const Sides sides = matched({"w 2", "b 2"}, {"one/w 2", "one/b 2", "two/w 2", "two/b 2"});
  EXPECT_THAT(sides.lines(), IsEmpty());
  EXPECT_THAT(sides.matching.scopes, UnorderedElementsAreArray({"one", "two"}));
}

TEST(Match, AScopeThatTheUserNamedIsNotLookedFor) {
  EXPECT_THAT(matched({"w 2,9"}, {"one/w 2,9"}, {false, false, {}}).lines(),
              ElementsAreArray({"one/w <- w (structure)"}));
}

TEST(Match, EqualsAreMatchedByOrderOnlyWhenThatIsAccepted) {
  const Lines weights{"a 2,2", "b 2,2"}, slots{"x 2,2", "y 2,2"};
  const Sides refused = matched(weights, slots);
  EXPECT_THAT(refused.lines(), IsEmpty());
  ASSERT_EQ(refused.matching.equals.size(), 1u);
  EXPECT_THAT(matched(weights, slots, {true, true, {}}).lines(),
              ElementsAreArray({"x <- a (order)", "y <- b (order)"}));
}

TEST(Match, SkippedSlotsTakeNothing) {
  EXPECT_THAT(matched({"w 2", "v 2"}, {"w 2", "v 2"}, {true, false, {true, false}}).lines(),
              ElementsAreArray({"v <- v (exact)"}));
}

std::string rules_for(const Lines& weights, const Lines& slots) {
  const Sides sides = matched(weights, slots);
  std::string rules;
  for (const Proposal& proposal : propose(sides.matching, sides.weights, sides.slots)) {
    if (rules.find(proposal.rule) == std::string::npos) rules += (rules.empty() ? "" : " ") + proposal.rule;
  }
  return rules;
}

TEST(Proposals, AreOfTheNearestNames) {
  EXPECT_EQ(rules_for({"first 2,2", "second 2,2"}, {"my_second 2,2", "my_first 2,2"}),
            "--rename 'first=my_first' --rename 'second=my_second'");
}

TEST(Proposals, OneRuleMovesAScopeWhereAllBelowItFollows) {
  EXPECT_EQ(rules_for({"enc/w 2,2", "enc/v 2,2", "dec/w 2,2", "dec/v 2,2"},
                      {"my_enc/w 2,2", "my_enc/v 2,2", "my_dec/w 2,2", "my_dec/v 2,2"}),
            "--rename 'enc=my_enc' --rename 'dec=my_dec'");
}

TEST(Proposals, RolesStayApart) {
  EXPECT_EQ(rules_for({"a/gamma 2", "a/moving_mean 2"}, {"b/moving_variance 2", "b/beta 2"}), "");
  Sides sides = matched({"conv_offset 2", "other 2"}, {"norm/moving_variance 2", "norm/moving_mean 2"});
  EXPECT_EQ(propose(sides.matching, sides.weights, sides.slots).size(), 2u);
  for (Weight& weight : sides.weights) weight.derived = true;
  EXPECT_EQ(propose(sides.matching, sides.weights, sides.slots).size(), 0u);
}

// Names may have 65,535 bytes; to compare two takes as many steps as one has bytes for each of the other's.
TEST(Proposals, LongNamesAreComparedWhereTheyDiffer) {
  const std::string scope(30'000, 's'), other(30'000, 't');
  EXPECT_EQ(rules_for({scope + "/w 2,2", "e/w 2,2"}, {"my_" + scope + "/w 2,2", "my_e/w 2,2"}),
            "--rename '" + scope + "=my_" + scope + "' --rename 'e=my_e'");
  EXPECT_EQ(rules_for({"a" + scope + "1 2,2", "e 2,2"}, {"b" + other + "2 2,2", "f 2,2"}), "");
}

TEST(Proposals, NothingFitsNothing) { EXPECT_EQ(rules_for({"a 2", "b 2"}, {"c 3", "d 3"}), ""); }

}  // namespace
}  // namespace thaw::internal
