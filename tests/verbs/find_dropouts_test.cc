// Where dropout stood, told from names.
#include "verbs/find_dropouts.h"

#include <gmock/gmock.h>

#include "passes/thawed.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;

Lines dropouts_of(const std::string& text) {
  Lines lines;
  for (const ReportedDropout& found : find_dropouts(Draft(graph_text::graph_of(text)))) {
    lines.push_back(found.scope + " " + found.tensor + " " + std::string(name_of(found.state)) +
                    (found.dial.empty() ? "" : " " + found.dial));
  }
  return lines;
}

TEST(FindDropouts, IdentitiesThatFreezingLeft) {
  EXPECT_THAT(dropouts_of(R"(
    x = Placeholder f32[?,2]
    model/dropout_1/Identity = Identity:f32 x
    model/dropout/Identity = Identity:f32 model/dropout_1/Identity
    y = Relu:f32 model/dropout/Identity
  )"),
              ElementsAreArray({"model/dropout_1 model/dropout_1/Identity:0 passes",
                                "model/dropout model/dropout/Identity:0 passes"}));
}

TEST(FindDropouts, DropoutThatStillDrops) {
  EXPECT_THAT(dropouts_of(R"(
    x = Placeholder f32[4,2]
    keep_prob = Placeholder f32[]
    n = Const i32[2] = 4 2
    dropout/random_uniform/RandomUniform = RandomUniform n | T=:i32 dtype=:f32
    dropout/add = Add:f32 keep_prob dropout/random_uniform/RandomUniform
    dropout/Floor = Floor:f32 dropout/add
    dropout/div = RealDiv:f32 x keep_prob
    dropout/mul = Mul:f32 dropout/div dropout/Floor
    y = Relu:f32 dropout/mul
  )"),
              ElementsAreArray({"dropout dropout/mul:0 drops keep_prob:0"}));
}

TEST(FindDropouts, WhatIsLeftOfScaling) {
  EXPECT_THAT(dropouts_of(R"(
    x = Placeholder f32[4,2]
    half = Const f32[] = 0.5
    Dropout/mul = Mul:f32 x half
  )"),
              ElementsAreArray({"Dropout Dropout/mul:0 scales"}));
}

TEST(FindDropouts, NamesWithoutAScopeOrAnotherWordAreNone) {
  EXPECT_THAT(dropouts_of(R"(
    dropout = Placeholder f32[?,2]
    dropping/y = Relu:f32 dropout
    dropout_rate/z = Const f32[] = 0.5
  )"),
              IsEmpty());
}

}  // namespace
}  // namespace thaw::internal
