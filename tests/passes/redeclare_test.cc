#include "passes/redeclare.h"

#include <gmock/gmock.h>

#include "support/graph_text.h"
#include "support/throws_error.h"
#include "tensor/shape.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const std::string kModel = R"(
  x = Placeholder f32[1,6] | _output_shapes=[a]
  keep = Placeholder f32[...]
  w = Const f32[6,4] | _output_shapes=[b]
  product = MatMul:f32 x w | _output_shapes=[c]
  scaled = Mul:f32 product keep
  y = Relu:f32 scaled | _output_shapes=[d]
  after = Relu:f32 w ^y | _output_shapes=[e]
)";

std::vector<std::string> changes(const Draft& draft) {
  std::vector<std::string> all;
  for (const auto& change : draft.changes()) {
    all.push_back(std::string(change.rule) + " " + std::string(change.node) + ": " +
                  std::string(change.what));
  }
  return all;
}

Draft redeclared(const std::string& text, const std::vector<std::string>& inputs) {
  Draft draft(graph_text::graph_of(text));
  redeclare_inputs(draft, inputs);
  return draft;
}

std::string shape_of(const Draft& draft, Bytes name) {
  const std::string attr(*draft.attr(draft.find(name), "shape"));
  return decode_shape(view_attr(attr).payload).to_string();
}

TEST(Redeclare, TakesTheWordsOfTensorFlow) {
  const std::string model = kModel + "free = Placeholder f32[...]\nz = Relu:f32 free";
  const std::pair<const char*, const char*> words[] = {
      {"x[?,6]", "[?,6]"},     {"x:0[?,6]", "[?,6]"},
      {"x[ 3 , 6 ]", "[3,6]"}, {"x[None,6]", "[?,6]"},
      {"x[-1,-1]", "[?,?]"},   {"free[]", "[]"},
      {"free[0]", "[0]"},      {"free[9223372036854775807]", "[9223372036854775807]"}};
  for (const auto& [word, shape] : words) {
    EXPECT_EQ(shape_of(redeclared(model, {word}), word[0] == 'x' ? "x" : "free"), shape) << word;
  }
}

TEST(Redeclare, RefusesWhatIsNoShape) {
  for (const char* word : {"x", "x[", "x]", "x[?", "x[1,6", "x[,]", "x[1,]", "x[a]", "x[1.5]", "x[-2]",
                           "x[1;6]", "x[1 6]", "[1,6]", "x[9223372036854775808]"}) {
    EXPECT_THAT([&] { redeclared(kModel, {word}); },
                throws_error(ErrorKind::usage, std::string("--input '") + word))
        << word;
  }
  std::string many = "keep[1";
  for (int i = 0; i < 254; ++i) many += ",1";
  EXPECT_THAT([&] { redeclared(kModel, {many + "]"}); },
              throws_error(ErrorKind::usage, "a placeholder and its shape"));
}

TEST(Redeclare, RefusesWhatIsNoPlaceholder) {
  EXPECT_THAT([] { redeclared(kModel, {"w[6,4]"}); }, throws_error(ErrorKind::usage, "'w'"));
  EXPECT_THAT([] { redeclared(kModel, {"none[6,4]"}); }, throws_error(ErrorKind::usage, "'none'"));
  EXPECT_THAT([] { redeclared(kModel, {"x[2,6]", "x:0[3,6]"}); },
              throws_error(ErrorKind::usage, "a second time"));
}

TEST(Redeclare, DropsWhatWasRecordedBehindIt) {
  const Draft draft = redeclared(kModel, {"x[?,6]"});
  EXPECT_THAT(
      changes(draft),
      ElementsAreArray({"I1 x: shape [?,6]", "I2 product: _output_shapes dropped: an input was declared anew",
                        "I2 y: _output_shapes dropped: an input was declared anew"}));
  for (const char* name : {"x", "product", "y"})
    EXPECT_FALSE(draft.attr(draft.find(name), "_output_shapes")) << name;
  for (const char* name : {"w", "after"}) EXPECT_TRUE(draft.attr(draft.find(name), "_output_shapes")) << name;
  EXPECT_FALSE(draft.is_touched(draft.find("scaled")));
}

TEST(Redeclare, LeavesAllElseAsItWas) { EXPECT_THAT(changes(redeclared(kModel, {})), IsEmpty()); }

TEST(Redeclare, FollowsALoop) {
  const Draft draft = redeclared(R"(
    x = Placeholder f32[1,6]
    enter = Enter:f32 x | frame_name=f
    merge = Merge:f32 enter next | N=2 _output_shapes=[a]
    go = Placeholder bool[...]
    switch = Switch:f32 merge go
    next = NextIteration:f32 switch:1 | _output_shapes=[a]
  )",
                                 {"x[2,6]"});
  EXPECT_THAT(changes(draft), ElementsAre("I1 x: shape [2,6]", testing::StartsWith("I2 merge"),
                                          testing::StartsWith("I2 next")));
}

TEST(Redeclare, NamesTheNodeThatCannotTakeIt) {
  const auto problem = [](const std::vector<std::string>& inputs) -> std::string {
    try {
      redeclared(kModel, inputs);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return std::string(error.what()) + " [try: " + error.hint() + "]";
    }
    return "";
  };
  EXPECT_EQ(problem({"x[1,7]"}),
            "--input 'x[1,7]' does not fit node 'product' (MatMul), which would get [1,7], [6,4] (expected "
            "as many columns on the "
            "left as rows on the right, not 7 and 6) [try: leave 'x' at [1,6], or use ? for the dimension "
            "that is to differ]");
  EXPECT_EQ(problem({"x[2,6]", "keep[3,4]"}),
            "--input 'x[2,6]', 'keep[3,4]' does not fit node 'scaled' (Mul), which would get [2,4], [3,4] "
            "(expected equal sizes or 1, "
            "not 2 and 3) [try: leave 'x' at [1,6], 'keep' at <unknown>, or use ? for the dimension that is "
            "to differ]");
  EXPECT_EQ(problem({"x[1,?]"}), "");
  EXPECT_EQ(problem({"x[2,6]"}), "");
}

TEST(Redeclare, TouchesNothingWhenItFails) {
  Draft draft(graph_text::graph_of(kModel));
  EXPECT_THROW(redeclare_inputs(draft, {"x[1,7]"}), Error);
  EXPECT_THAT(changes(draft), IsEmpty());
}

// What was wrong before is not this option's doing.
TEST(Redeclare, OverlooksWhatNeverFitted) {
  const std::string broken = "x = Placeholder f32[1,5]\nw = Const f32[6,4]\ny = MatMul:f32 x w\n";
  EXPECT_THAT(changes(redeclared(broken, {"x[2,5]"})), ElementsAreArray({"I1 x: shape [2,5]"}));
}

TEST(Redeclare, OverlooksNodesThatWerePruned) {
  Draft draft(graph_text::graph_of(kModel));
  for (const char* name : {"after", "y", "scaled", "product"})
    draft.remove(draft.find(name), {"P1", name, "pruned"});
  EXPECT_EQ(redeclare_inputs(draft, {"x[1,7]"}).size(), 1u);
  EXPECT_EQ(shape_of(draft, "x"), "[1,7]");
}

}  // namespace
}  // namespace thaw::internal
