// A graph with variables and one in which they are constants: what freezing does is no difference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare/compared_text.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;

const std::string kVariables = R"(
  x = Placeholder f32[?,2]
  w = VarHandleOp | dtype=:f32 shape=(2,2) shared_name=w
  w/init = Const f32[] = 0
  w/Assign = AssignVariableOp w w/init | dtype=:f32
  w/read = ReadVariableOp w | dtype=:f32
  y = MatMul:f32 x w/read
  save = SaveV2 w/init w/init w/init w/read
)";
const std::string kFrozen = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,2] = 1 2 3 4
  w/read = Identity:f32 w
  y = MatMul:f32 x w/read
)";

TEST(CompareFrozen, WhatFreezingDoesIsCountedApart) {
  CompareWishes wishes;
  wishes.frozen = true;
  EXPECT_THAT(compared(kVariables, kFrozen, wishes), ElementsAreArray({"frozen 2, left out 3"}));
  EXPECT_THAT(compared(kFrozen, kVariables, wishes), ElementsAreArray({"frozen 2, left out 3"}));
  EXPECT_THAT(compared(kVariables, with(kFrozen, "x w/read", "x w"), wishes),
              ElementsAreArray({"y input 1: w/read -> w", "frozen 2, left out 3"}));
  // Needed, and not there.
  const std::string between =
      with(kVariables, "y = MatMul:f32 x w/read", "r = Relu:f32 w/read\n  y = MatMul:f32 x r");
  EXPECT_THAT(compared(between, kFrozen, wishes),
              ElementsAreArray({"- r Relu", "y input 1: r -> w/read", "frozen 2, left out 3"}));
  EXPECT_FALSE(compared(kVariables, kFrozen).empty());
}

// Freezing loses the variable's name; optimisers lose its read.
TEST(CompareFrozen, AConstantOfAnotherNameThanItsVariable) {
  const std::unordered_map<std::string, std::string> same{{"w", "dense/kernel"}};
  CompareWishes wishes;
  wishes.frozen = true;
  wishes.same_nodes = &same;
  const std::string variables = with(kVariables, " w ", " dense/kernel ");
  EXPECT_THAT(compared(kFrozen, variables, wishes), ElementsAreArray({"frozen 2, left out 3"}));
  const std::string no_read = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,2] = 1 2 3 4
  y = MatMul:f32 x w
)";
  EXPECT_THAT(compared(no_read, variables, wishes), ElementsAreArray({"frozen 1, left out 4"}));
  wishes.same_nodes = nullptr;
  EXPECT_THAT(compared(kVariables, no_read, wishes), ElementsAreArray({"frozen 1, left out 4"}));
  EXPECT_THAT(compared(with(no_read, "x w", "w x"), kVariables, wishes),
              ElementsAreArray({"y input 0: w -> x", "y input 1: x -> w/read", "frozen 1, left out 4"}));
}

}  // namespace
}  // namespace thaw::internal
