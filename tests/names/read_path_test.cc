#include "names/read_path.h"

#include <gtest/gtest.h>

namespace thaw::internal {
namespace {

TEST(ReadPath, SeesThroughCallsAndLoops) {
  const auto path = [](const std::string& reader) {
    const std::optional<ReadPath> found = find_read_path({"unknown", {reader}, {{"MatMul", 1, "m"}}, {2, 2}});
    return found ? found->components : std::vector<std::string>{"nothing"};
  };
  EXPECT_EQ(path("StatefulPartitionedCall/model/dense/StatefulPartitionedCall_1/MatMul/ReadVariableOp"),
            (std::vector<std::string>{"model", "dense", "MatMul"}));
  EXPECT_EQ(path("m/rnn/while/body/_1/m/rnn/while/cell/MatMul/ReadVariableOp_2"),
            (std::vector<std::string>{"m", "rnn", "cell", "MatMul"}));
  EXPECT_EQ(path("cond/then/_31/cond/matmul/ReadVariableOp"), (std::vector<std::string>{"matmul"}));
  EXPECT_EQ(path("body/x/ReadVariableOp"), (std::vector<std::string>{"body", "x"}));
  EXPECT_EQ(path("a//b/ReadVariableOp"), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(path("StatefulPartitionedCall/ReadVariableOp"), std::vector<std::string>{"nothing"});
  EXPECT_EQ(path("x/ReadVariableOp_"), std::vector<std::string>{"nothing"});
  EXPECT_EQ(path("x/ReadVariableOp_99999999999999999999"), std::vector<std::string>{"nothing"});
}

TEST(ReadPath, TakesTheFirstOfSeveralReads) {
  const ConstantFacts shared{"unknown_2",
                             {"m/tied/MatMul_1/ReadVariableOp", "m/tied/MatMul/ReadVariableOp"},
                             {{"MatMul", 1, "m"}},
                             {4, 4}};
  EXPECT_EQ(find_read_path(shared)->components, (std::vector<std::string>{"m", "tied", "MatMul"}));
}

TEST(ReadPath, LeavesNamedConstantsAlone) {
  const ConstantFacts named{"dense/kernel", {"dense/MatMul/ReadVariableOp"}, {{"MatMul", 1, "m"}}, {4, 4}};
  EXPECT_FALSE(find_read_path(named).has_value());
}

TEST(FoldedVariable, IsWhatWasRead) {
  EXPECT_EQ(folded_variable("a/weights/read/_2__cf__12"), "a/weights");
  EXPECT_EQ(folded_variable("a/read"), "a");
  for (const char* name :
       {"read/_2__cf__2", "a/read/_2__cf__", "a/read/2__cf__2", "a/mul/_2__cf__2", "a/read/__cf__2", ""}) {
    EXPECT_EQ(folded_variable(name), std::nullopt) << name;
  }
}

TEST(TrailingNumber, IsWhatMakesNamesUnique) {
  Bytes base;
  EXPECT_EQ(trailing_number("dense_12", &base), 12);
  EXPECT_EQ(base, "dense");
  EXPECT_EQ(trailing_number("conv_1_2", &base), 2);
  EXPECT_EQ(base, "conv_1");
  for (const char* name : {"dense", "dense_", "_1", "dense_1x", "dense1", "dense_99999999999", ""}) {
    EXPECT_EQ(trailing_number(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace thaw::internal
