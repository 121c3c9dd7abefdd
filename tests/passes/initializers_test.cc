#include <gmock/gmock.h>

#include <filesystem>

#include "passes/thawed.h"

namespace thaw::internal {
namespace {

const std::string kTwo = R"(
  x = Placeholder f32[?,2]
  b = Const f32[2] = 0.5 1.5
  b/read = Identity:f32 b
  w = Const f32[2,600]
  w/read = Identity:f32 w
  y = BiasAdd:f32 x b/read
  z = MatMul:f32 y w/read
)";

ThawOptions with(Initializer kind, VariableStyle style = VariableStyle::resource) {
  ThawOptions options;
  options.initializer = kind;
  options.style = style;
  return options;
}

// A splat constant keeps its whole tensor in a session; from 1000 elements on TensorFlow itself uses Fill.
TEST(Initializers, FillWithNaNCompactly) {
  const Thawed thawed = thaw_text(kTwo);
  EXPECT_THAT(thawed.lines_with("Initializer"),
              testing::UnorderedElementsAre(
                  "b/Initializer/nan = Const | dtype=:f32 value=f32[2]splat{nan}",
                  "b/Assign = AssignVariableOp b b/Initializer/nan | dtype=:f32",
                  "w/Initializer/nan/shape_as_tensor = Const | dtype=:i64 value=i64[2]{2 600}",
                  "w/Initializer/nan/Const = Const | dtype=:f32 value=f32[]{nan}",
                  "w/Initializer/nan = Fill w/Initializer/nan/shape_as_tensor w/Initializer/nan/Const | "
                  "T=:f32 index_type=:i64",
                  "w/Assign = AssignVariableOp w w/Initializer/nan | dtype=:f32"));
  EXPECT_EQ(thawed.line("save/filename/input"),
            "save/filename/input = Const | dtype=:str value=str[]{\"model\"}");
}

TEST(Initializers, HoldTheValueItself) {
  const Thawed thawed = thaw_text(kTwo, with(Initializer::value));
  EXPECT_EQ(thawed.line("b/Initializer/value"),
            "b/Initializer/value = Const | dtype=:f32 value=f32[2]{0.5 1.5}");
  EXPECT_EQ(thawed.line("b/Assign"), "b/Assign = AssignVariableOp b b/Initializer/value | dtype=:f32");
  const auto frozen = graph_text::graph_of(kTwo);
  EXPECT_TRUE(thawed.graph->tensor(thawed.graph->find("w/Initializer/value"), "value").value.bytes() ==
              frozen->tensor(frozen->find("w"), "value").value.bytes());
}

TEST(Initializers, RestoreWhileTheFilesLieThere) {
  const Thawed thawed = thaw_text(kTwo, with(Initializer::restore));
  const std::string prefix = (std::filesystem::current_path() / "models/m").string();
  EXPECT_EQ(thawed.line("save/filename/input"),
            "save/filename/input = Const | dtype=:str value=str[]{\"" + prefix + "\"}");
  EXPECT_THAT(
      thawed.lines_with("save/initial/"),
      testing::UnorderedElementsAre(
          "save/initial/suffix = Const | dtype=:str value=str[]{\".index\"}",
          "save/initial/pattern = StringJoin save/Const save/initial/suffix | N=2 separator=\"\"",
          "save/initial/files = MatchingFiles save/initial/pattern",
          "save/initial/count = Size save/initial/files | T=:str out_type=:i32",
          "save/initial/none = Const | dtype=:i32 value=i32[]{0}",
          "save/initial/exists = Greater save/initial/count save/initial/none | T=:i32",
          "save/initial/prefix = Switch save/Const save/initial/exists | T=:str",
          "save/initial/absent = Identity save/initial/prefix | T=:str",
          "save/initial/present = Identity save/initial/prefix:1 | T=:str",
          "save/initial/RestoreV2/tensor_names = Const | dtype=:str value=str[2]{\"b\",\"w\"} @/device:CPU:0",
          "save/initial/RestoreV2/shape_and_slices = Const | dtype=:str value=str[2]{\"\",\"\"} "
          "@/device:CPU:0",
          "save/initial/RestoreV2 = RestoreV2 save/initial/present save/initial/RestoreV2/tensor_names "
          "save/initial/RestoreV2/shape_and_slices | dtypes=[:f32,:f32] @/device:CPU:0",
          "b/Initializer/nan = Const ^save/initial/absent | dtype=:f32 value=f32[2]splat{nan}",
          "b/Initializer/restored = Merge b/Initializer/nan save/initial/RestoreV2 | N=2 T=:f32",
          "w/Initializer/nan/shape_as_tensor = Const ^save/initial/absent | dtype=:i64 value=i64[2]{2 600}",
          "w/Initializer/nan/Const = Const ^save/initial/absent | dtype=:f32 value=f32[]{nan}",
          "w/Initializer/restored = Merge w/Initializer/nan save/initial/RestoreV2:1 | N=2 T=:f32"));
  EXPECT_EQ(thawed.line("w/Assign"), "w/Assign = AssignVariableOp w w/Initializer/restored | dtype=:f32");
  EXPECT_EQ(thawed.done.parts.variables.at(0).initial_value, "b/Initializer/restored:0");
}

TEST(Initializers, AreTheSameInRefStyle) {
  for (const auto& [kind, name] : {std::pair{Initializer::nan, "nan"},
                                   {Initializer::value, "value"},
                                   {Initializer::restore, "restored"}}) {
    const Thawed thawed = thaw_text(kTwo, with(kind, VariableStyle::ref));
    EXPECT_EQ(thawed.line("b/Assign"), std::string("b/Assign = Assign b b/Initializer/") + name +
                                           " | T=:f32 _class=[loc:@b] use_locking=true validate_shape=true");
  }
}

// Twice the same input, twice the same bytes: nothing of the run is in a `.meta`.
TEST(Initializers, MakeTheSameBytesTwice) {
  for (const Initializer kind : {Initializer::nan, Initializer::value, Initializer::restore}) {
    EXPECT_TRUE(thaw_text(kTwo, with(kind)).meta == thaw_text(kTwo, with(kind)).meta);
  }
}

}  // namespace
}  // namespace thaw::internal
