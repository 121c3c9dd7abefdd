// What a constant becomes: every node with every attribute, in both styles.
#include <gmock/gmock.h>

#include "passes/thawed.h"

namespace thaw::internal {
namespace {

using testing::IsSupersetOf;

const std::string kDense = R"(
  x = Placeholder f32[?,2]
  l/w = Const f32[2,3] @/device:CPU:0
  l/w/read = Identity:f32 l/w | _class=[loc:@l/w] _output_shapes=[a]
  l/b = Const f32[3]
  y = MatMul:f32 x l/w/read | transpose_b=false
  out = BiasAdd:f32 y l/b ^l/b
)";

TEST(Variables, OfResourceStyle) {
  const Thawed thawed = thaw_text(kDense);
  Lines lines = thawed.lines();
  std::erase_if(lines, [](const std::string& line) { return line.starts_with("save/"); });
  EXPECT_THAT(lines, testing::UnorderedElementsAre(
                         "x = Placeholder | dtype=:f32 shape=(?,2)",
                         "l/w = VarHandleOp | dtype=:f32 shape=(2,3) shared_name=\"l/w\" @/device:CPU:0",
                         "l/w/read = ReadVariableOp l/w | _class=[loc:@l/w] dtype=:f32",
                         "l/w/Read/ReadVariableOp = ReadVariableOp l/w | dtype=:f32",
                         "l/w/Initializer/nan = Const | dtype=:f32 value=f32[2,3]splat{nan}",
                         "l/w/Assign = AssignVariableOp l/w l/w/Initializer/nan | dtype=:f32",
                         "l/b = VarHandleOp | dtype=:f32 shape=(3) shared_name=\"l/b\"",
                         "l/b/read = ReadVariableOp l/b | dtype=:f32",
                         "l/b/Read/ReadVariableOp = ReadVariableOp l/b | dtype=:f32",
                         "l/b/Initializer/nan = Const | dtype=:f32 value=f32[3]splat{nan}",
                         "l/b/Assign = AssignVariableOp l/b l/b/Initializer/nan | dtype=:f32",
                         "y = MatMul x l/w/read | T=:f32 transpose_b=false",
                         "out = BiasAdd y l/b/read ^l/b | T=:f32"));
}

TEST(Variables, OfRefStyle) {
  const Thawed thawed = thaw_text(kDense, in_ref_style());
  Lines lines = thawed.lines();
  std::erase_if(lines, [](const std::string& line) { return line.starts_with("save/"); });
  EXPECT_THAT(lines,
              testing::UnorderedElementsAre(
                  "x = Placeholder | dtype=:f32 shape=(?,2)",
                  "l/w = VariableV2 | container=\"\" dtype=:f32 shape=(2,3) shared_name=\"\" @/device:CPU:0",
                  "l/w/read = Identity l/w | T=:f32 _class=[loc:@l/w] _output_shapes=[a]",
                  "l/w/Initializer/nan = Const | dtype=:f32 value=f32[2,3]splat{nan}",
                  "l/w/Assign = Assign l/w l/w/Initializer/nan | T=:f32 _class=[loc:@l/w] use_locking=true "
                  "validate_shape=true",
                  "l/b = VariableV2 | container=\"\" dtype=:f32 shape=(3) shared_name=\"\"",
                  "l/b/read = Identity l/b | T=:f32 _class=[loc:@l/b]",
                  "l/b/Initializer/nan = Const | dtype=:f32 value=f32[3]splat{nan}",
                  "l/b/Assign = Assign l/b l/b/Initializer/nan | T=:f32 _class=[loc:@l/b] use_locking=true "
                  "validate_shape=true",
                  "y = MatMul x l/w/read | T=:f32 transpose_b=false", "out = BiasAdd y l/b ^l/b | T=:f32"));
}

TEST(Variables, AreAddedBehindTheirConstant) {
  const Lines lines = thaw_text(kDense).lines();
  const auto at = [&](const std::string& start) {
    return std::ranges::find_if(lines, [&](const std::string& line) { return line.starts_with(start); }) -
           lines.begin();
  };
  EXPECT_LT(at("l/w ="), at("l/w/Assign ="));
  EXPECT_LT(at("l/w/Assign ="), at("l/w/read ="));
  EXPECT_LT(at("out ="), at("save/"));
}

TEST(Variables, SayWhatWasDone) {
  EXPECT_THAT(thaw_text(kDense).changes(),
              IsSupersetOf({"V1 l/w", "V1 l/b", "V2 l/w/read", "V2 l/w/Read/ReadVariableOp", "V2 l/b/read",
                            "V3 out", "V4 l/w/Assign", "V4 l/w/Initializer/nan", "S1 save/SaveV2"}));
}

TEST(Variables, KeepTheirReadsWhateverTheseAreCalled) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    c = NoOp
    kernel = Const f32[2,2]
    first/ReadVariableOp = Identity:f32 kernel
    second/ReadVariableOp_1 = Identity:f32 kernel ^c
    y = MatMul:f32 x first/ReadVariableOp
    z = MatMul:f32 y second/ReadVariableOp_1
    u = MatMul:f32 z kernel
  )");
  const std::string name = thawed.done.plan.variables.at(0).name;
  EXPECT_EQ(thawed.line("first/ReadVariableOp"),
            "first/ReadVariableOp = ReadVariableOp " + name + " | dtype=:f32");
  EXPECT_EQ(thawed.line("second/ReadVariableOp_1"),
            "second/ReadVariableOp_1 = ReadVariableOp " + name + " ^c | dtype=:f32");
  // Who took the constant itself takes the read that waits for nobody.
  EXPECT_EQ(thawed.line("u"), "u = MatMul z first/ReadVariableOp | T=:f32");
}

TEST(Variables, GiveABranchTheRead) {
  const std::string graph = R"(
    p = Placeholder bool[]
    in_0 = Const f32[3,4]
    in_0/read = Identity:f32 in_0 | _class=[loc:@in_0]
    cond/Switch = Switch:f32 in_0 p | _class=[loc:@in_0]
    out = Add:f32 in_0/read cond/Switch:1
  )";
  EXPECT_EQ(thaw_text(graph).line("cond/Switch"),
            "cond/Switch = Switch in_0/read p | T=:f32 _class=[loc:@in_0]");
  EXPECT_EQ(thaw_text(graph, in_ref_style()).line("cond/Switch"),
            "cond/Switch = Switch in_0 p | T=:f32 _class=[loc:@in_0]");
}

const std::string kCareless = R"(
  x = Placeholder f32[4]
  i = Placeholder i32[1]
  Variable = Const f32[4]
  Assign = Assign:f32 Variable x
  table = Const f32[8,4]
  table/read = Identity:f32 table
  scatter = ScatterAdd table i x | T=:f32 Tindices=:i32
  after = Gather table/read i | Tparams=:f32 Tindices=:i32
  handle = Const f32[4]
  set = AssignVariableOp handle x | dtype=:f32
)";

TEST(Variables, ThatSlotsCallForAreWhatTheSlotsTake) {
  for (const ThawOptions& options : {ThawOptions{}, in_ref_style()}) {
    const Thawed thawed = thaw_text(kCareless, options);
    EXPECT_TRUE(thawed.line("Variable").starts_with("Variable = VariableV2 |")) << thawed.line("Variable");
    EXPECT_EQ(thawed.line("Assign"), "Assign = Assign Variable x | T=:f32");
    EXPECT_TRUE(thawed.line("table").starts_with("table = VariableV2 |"));
    EXPECT_EQ(thawed.line("scatter"), "scatter = ScatterAdd table i x | T=:f32 Tindices=:i32");
    EXPECT_EQ(thawed.line("table/read"), "table/read = Identity table | T=:f32");
    EXPECT_TRUE(thawed.line("handle").starts_with("handle = VarHandleOp |"));
    EXPECT_EQ(thawed.line("set"), "set = AssignVariableOp handle x | dtype=:f32");
  }
}

const std::string kTaken = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,2]
  w/Assign = NoOp
  w/read = Neg:f32 x
  w/Initializer/nan = Neg:f32 x
  w/Read/ReadVariableOp = Neg:f32 x
  save/Const = NoOp
  save_1/other = NoOp
  y = MatMul:f32 x w
)";

TEST(Variables, LeaveNamesThatAreTaken) {
  const Thawed thawed = thaw_text(kTaken);
  EXPECT_EQ(thawed.line("w/Assign"), "w/Assign = NoOp");
  EXPECT_EQ(thawed.line("w/read"), "w/read = Neg x | T=:f32");
  EXPECT_EQ(thawed.line("w/Assign_1"), "w/Assign_1 = AssignVariableOp w w/Initializer/nan_1 | dtype=:f32");
  EXPECT_EQ(thawed.line("w/read_1"), "w/read_1 = ReadVariableOp w | dtype=:f32");
  EXPECT_EQ(thawed.line("w/Read/ReadVariableOp_1"),
            "w/Read/ReadVariableOp_1 = ReadVariableOp w | dtype=:f32");
  EXPECT_EQ(thawed.line("y"), "y = MatMul x w/read_1 | T=:f32");
  EXPECT_EQ(thawed.done.parts.saver.scope, "save_2");
  const VariableNodes& nodes = thawed.done.parts.variables.at(0);
  EXPECT_EQ(nodes.initializer, "w/Assign_1");
  EXPECT_EQ(nodes.snapshot, "w/Read/ReadVariableOp_1:0");
  EXPECT_EQ(nodes.initial_value, "w/Initializer/nan_1:0");
}

TEST(Variables, OfRefStyleLeaveNamesThatAreTaken) {
  const Thawed thawed = thaw_text(kTaken, in_ref_style());
  EXPECT_EQ(thawed.line("w/read_1"), "w/read_1 = Identity w | T=:f32 _class=[loc:@w]");
  EXPECT_EQ(thawed.line("y"), "y = MatMul x w | T=:f32");
  EXPECT_EQ(thawed.done.parts.variables.at(0).snapshot, "w/read_1:0");
}

// An Identity of another type, or with attributes of its own, is not just a read.
TEST(Variables, PutAReadBeforeAnIdentityThatSaysMore) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    w/read = Identity:f32 w
    mine = Identity:f32 w | note=kept
    y = MatMul:f32 x w/read
    z = MatMul:f32 y mine
  )");
  EXPECT_EQ(thawed.line("mine"), "mine = Identity w/read | T=:f32 note=\"kept\"");
}

TEST(Variables, KeepControlInputsOfTheirConstant) {
  const Thawed thawed = thaw_text(
      "x = Placeholder f32[?,2]\nc = NoOp\nw = Const f32[2,2] ^c\nw/read = Identity:f32 w\ny = MatMul:f32 x "
      "w/read\n");
  EXPECT_EQ(thawed.line("w"), "w = VarHandleOp ^c | dtype=:f32 shape=(2,2) shared_name=\"w\"");
}

TEST(Variables, OfEveryTypeThatACheckpointHolds) {
  const Thawed thawed = thaw_text(R"(
    d = Const f64[2]
    d/read = Identity:f64 d
    h = Const f16[2]
    h/read = Identity:f16 h
    n = Const i64[2] = 1 2
    n/read = Identity:i64 n
    t = Const bool[2] = 1 0
    t/read = Identity:bool t
    s = Const str[2] = a b
    s/read = Identity:str s
  )");
  EXPECT_EQ(thawed.line("d/Initializer/nan"),
            "d/Initializer/nan = Const | dtype=:f64 value=f64[2]splat{nan}");
  EXPECT_EQ(thawed.line("h/Initializer/nan"),
            "h/Initializer/nan = Const | dtype=:f16 value=f16[2]splat{32256}");
  EXPECT_EQ(thawed.line("n/Initializer/nan"), "n/Initializer/nan = Const | dtype=:i64 value=i64[2]splat{0}");
  EXPECT_EQ(thawed.line("t/Initializer/nan"),
            "t/Initializer/nan = Const | dtype=:bool value=bool[2]splat{0}");
  EXPECT_EQ(thawed.line("s/Initializer/nan"),
            "s/Initializer/nan = Const | dtype=:str value=str[2]splat{\"\",\"\"}");
  EXPECT_EQ(thawed.line("s"), "s = VarHandleOp | dtype=:str shape=(2) shared_name=\"s\"");
}

}  // namespace
}  // namespace thaw::internal
