#include <gmock/gmock.h>

#include "passes/thawed.h"

namespace thaw::internal {
namespace {

using testing::UnorderedElementsAre;

const std::string kTwoWeights = R"(
  x = Placeholder f32[?,2]
  l2/w = Const f32[2,2]
  l2/w/read = Identity:f32 l2/w
  l1/b = Const f64[2]
  l1/b/read = Identity:f64 l1/b
  y = MatMul:f32 x l2/w/read
)";

TEST(Saver, OfResourceVariables) {
  EXPECT_THAT(
      thaw_text(kTwoWeights).lines_with("save/"),
      UnorderedElementsAre(
          "save/filename/input = Const | dtype=:str value=str[]{\"model\"}",
          "save/filename = PlaceholderWithDefault save/filename/input | dtype=:str shape=()",
          "save/Const = PlaceholderWithDefault save/filename | dtype=:str shape=()",
          "save/SaveV2/tensor_names = Const | dtype=:str value=str[2]{\"l1/b\",\"l2/w\"}",
          "save/SaveV2/shape_and_slices = Const | dtype=:str value=str[2]{\"\",\"\"}",
          "save/SaveV2 = SaveV2 save/Const save/SaveV2/tensor_names save/SaveV2/shape_and_slices "
          "l1/b/Read/ReadVariableOp "
          "l2/w/Read/ReadVariableOp | dtypes=[:f64,:f32]",
          "save/control_dependency = Identity save/Const ^save/SaveV2 | T=:str _class=[loc:@save/Const]",
          "save/RestoreV2/tensor_names = Const | dtype=:str value=str[2]{\"l1/b\",\"l2/w\"} @/device:CPU:0",
          "save/RestoreV2/shape_and_slices = Const | dtype=:str value=str[2]{\"\",\"\"} @/device:CPU:0",
          "save/RestoreV2 = RestoreV2 save/Const save/RestoreV2/tensor_names save/RestoreV2/shape_and_slices "
          "| dtypes=[:f64,:f32] @/device:CPU:0",
          "save/Identity = Identity save/RestoreV2 | T=:f64",
          "save/AssignVariableOp = AssignVariableOp l1/b save/Identity | dtype=:f64",
          "save/Identity_1 = Identity save/RestoreV2:1 | T=:f32",
          "save/AssignVariableOp_1 = AssignVariableOp l2/w save/Identity_1 | dtype=:f32",
          "save/restore_all = NoOp ^save/AssignVariableOp ^save/AssignVariableOp_1"));
}

TEST(Saver, OfRefVariables) {
  const Thawed thawed = thaw_text(kTwoWeights, in_ref_style());
  EXPECT_EQ(thawed.line("save/SaveV2"),
            "save/SaveV2 = SaveV2 save/Const save/SaveV2/tensor_names save/SaveV2/shape_and_slices l1/b l2/w "
            "| dtypes=[:f64,:f32]");
  EXPECT_EQ(thawed.line("save/Assign"),
            "save/Assign = Assign l1/b save/RestoreV2 | T=:f64 _class=[loc:@l1/b] use_locking=true "
            "validate_shape=true");
  EXPECT_EQ(thawed.line("save/Assign_1"),
            "save/Assign_1 = Assign l2/w save/RestoreV2:1 | T=:f32 _class=[loc:@l2/w] use_locking=true "
            "validate_shape=true");
  EXPECT_EQ(thawed.line("save/restore_all"), "save/restore_all = NoOp ^save/Assign ^save/Assign_1");
  EXPECT_EQ(thawed.line("save/Identity"), "absent");
}

// Kinds mix where a slot calls for a reference; each counts on its own.
TEST(Saver, NumbersEachKindApart) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[2]
    a = Const f32[2]
    a/read = Identity:f32 a
    b = Const f32[2]
    set = Assign:f32 b x
    c = Const f32[2]
    c/read = Identity:f32 c
  )");
  EXPECT_EQ(thawed.line("save/restore_all"),
            "save/restore_all = NoOp ^save/AssignVariableOp ^save/Assign ^save/AssignVariableOp_1");
  EXPECT_EQ(thawed.line("save/Assign"),
            "save/Assign = Assign b save/RestoreV2:1 | T=:f32 _class=[loc:@b] use_locking=true "
            "validate_shape=true");
  EXPECT_EQ(thawed.line("save/Identity_1"), "save/Identity_1 = Identity save/RestoreV2:2 | T=:f32");
  EXPECT_NE(thawed.line("save/SaveV2").find(" a/Read/ReadVariableOp b c/Read/ReadVariableOp |"),
            std::string::npos);
}

const std::string kParts = R"(
  x = Placeholder f32[?,4]
  emb/part_0 = Const f32[2,3]
  emb/part_0/read = Identity:f32 emb/part_0
  emb/part_1 = Const f32[2,3]
  emb/part_1/read = Identity:f32 emb/part_1
  emb/ConcatPartitions/axis = Const i32[] = 0
  emb/ConcatPartitions/concat = ConcatV2:f32 emb/part_0/read emb/part_1/read emb/ConcatPartitions/axis | N=2
  emb = Identity:f32 emb/ConcatPartitions/concat
  y = MatMul:f32 x emb
)";

TEST(Saver, WritesTheSlicesOfAPartitionedVariableUnderOneKey) {
  const Thawed thawed = thaw_text(kParts);
  EXPECT_EQ(thawed.line("save/SaveV2/tensor_names"),
            "save/SaveV2/tensor_names = Const | dtype=:str value=str[2]{\"emb\",\"emb\"}");
  EXPECT_EQ(thawed.line("save/RestoreV2/shape_and_slices"),
            "save/RestoreV2/shape_and_slices = Const | dtype=:str value=str[2]{\"4 3 0,2:0,3\",\"4 3 "
            "2,2:0,3\"} @/device:CPU:0");
  const auto& entries = thawed.done.plan.checkpoint.entries;
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].key, "emb");
  EXPECT_EQ(entries[1].slice->full_shape, Shape({4, 3}));
  EXPECT_EQ(entries[1].slice->extents, (std::vector<SliceExtent>{{2, 2}, {0, 3}}));
}

TEST(Saver, TakesPartsThatDoNotFitTogetherForVariablesOfTheirOwn) {
  std::string other = kParts;
  other.replace(other.find("f32[2,3]\n  emb/part_1/read"), 8, "f32[2,5]");
  const Thawed thawed = thaw_text(other);
  EXPECT_EQ(thawed.line("save/SaveV2/tensor_names"),
            "save/SaveV2/tensor_names = Const | dtype=:str value=str[2]{\"emb/part_0\",\"emb/part_1\"}");
}

TEST(Saver, SavesTwinsAndRestoresTheOriginals) {
  ThawOptions options;
  options.ema_twins = true;
  const Thawed thawed = thaw_text(kTwoWeights, options);
  EXPECT_EQ(
      thawed.line("save/SaveV2/tensor_names"),
      "save/SaveV2/tensor_names = Const | dtype=:str "
      "value=str[4]{\"l1/b\",\"l2/w\",\"l1/b/ExponentialMovingAverage\",\"l2/w/ExponentialMovingAverage\"}");
  EXPECT_NE(thawed.line("save/SaveV2").find("dtypes=[:f64,:f32,:f64,:f32]"), std::string::npos);
  EXPECT_EQ(
      thawed.line("save/RestoreV2/tensor_names"),
      "save/RestoreV2/tensor_names = Const | dtype=:str value=str[2]{\"l1/b\",\"l2/w\"} @/device:CPU:0");
  EXPECT_EQ(thawed.done.plan.checkpoint.entries.size(), 4u);
  EXPECT_EQ(thawed.done.plan.checkpoint.blobs.size(), 2u);
}

}  // namespace
}  // namespace thaw::internal
