// Variables become constants: what takes them, in graphs and in loops of TensorFlow 1.
#include "passes/freeze_variables.h"

#include <gmock/gmock.h>

#include "passes/frozen.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string kVariable = "v = VarHandleOp | dtype=:f32 shape=(2,2) shared_name=v @/device:CPU:0\n";

struct NodeCase {
  const char* what;
  std::string before, after;
};

TEST(FreezeVariables, WhatTakesAVariable) {
  const NodeCase cases[] = {
      {"a read loses all but its colocation",
       "n = ReadVariableOp v ^x | dtype=:f32 _class=[loc:@v] @/device:CPU:0",
       "n = Identity v | T=:f32 _class=[loc:@v]"},
      {"a gather gets an axis", "n = ResourceGather v i | dtype=:f32 Tindices=:i32 validate_indices=true",
       "n = GatherV2 v i n/axis | Taxis=:i32 Tindices=:i32 Tparams=:f32"},
      {"rows of a batch", "n = ResourceGather v i | dtype=:f32 Tindices=:i32 batch_dims=1",
       "n = GatherV2 v i n/axis | Taxis=:i32 Tindices=:i32 Tparams=:f32 batch_dims=1"},
      {"several indices", "n = ResourceGatherNd v i | dtype=:f32 Tindices=:i32",
       "n = GatherNd v i | Tindices=:i32 Tparams=:f32"},
      {"its shape", "n = VariableShape v | out_type=:i32", "n = Shape v | T=:f32 out_type=:i32"},
      {"whether it is there", "n = VarIsInitializedOp v", "n = Const | dtype=:bool value=bool[]{1}"},
      {"what passes it on", "n = Identity:resource v | _output_shapes=[a] @/device:CPU:0",
       "n = Identity v | T=:f32 @/device:CPU:0"},
  };
  for (const NodeCase& one : cases) {
    SCOPED_TRACE(one.what);
    const Frozen frozen =
        freeze_text("x = Placeholder f32[2]\ni = Placeholder i32[2]\n" + kVariable + one.before + "\n");
    EXPECT_EQ(frozen.line("n"), one.after);
    EXPECT_THAT(frozen.line("v"), StartsWith("v = Const | dtype=:f32 value=f32[2,2]{"));
  }
}

TEST(FreezeVariables, TheAxisIsTheNumberOfBatchDimensions) {
  const Frozen frozen = freeze_text("i = Placeholder i64[2]\n" + kVariable +
                                    "n = ResourceGather v i | dtype=:f32 Tindices=:i64 batch_dims=1\n");
  EXPECT_EQ(frozen.line("n/axis"), "n/axis = Const | dtype=:i64 value=i64[]{1}");
}

TEST(FreezeVariables, ReferencesNeedNoOtherReads) {
  const Frozen frozen = freeze_text(R"(
    v = VariableV2 | dtype=:f32 shape=(2) shared_name= container=
    v/read = Identity:f32 v | _class=[loc:@v] _output_shapes=[a]
    next = Identity:f32 v/read | _output_shapes=[a]
    y = Relu:f32 next | _output_shapes=[a]
  )");
  EXPECT_EQ(frozen.line("v/read"), "v/read = Identity v | T=:f32 _class=[loc:@v]");
  EXPECT_EQ(frozen.line("next"), "next = Identity v/read | T=:f32");
  EXPECT_THAT(frozen.line("y"), HasSubstr("_output_shapes"));
  EXPECT_EQ(frozen.changes, (std::multiset<std::string>{"Z1 v", "Z9 next", "Z9 v/read"}));
}

// TensorFlow's freezer leaves these as they are, and its graph does not load.
TEST(FreezeVariables, OperationsOnReferencesBecomePlain) {
  const Frozen frozen = freeze_text(R"(
    p = Placeholder bool[]
    v = Variable | dtype=:f32 shape=(2) shared_name= container=
    s = RefSwitch:f32 v p
    i = RefIdentity:f32 s:1
    set = IsVariableInitialized v | dtype=:f32
    y = Relu:f32 i
  )");
  EXPECT_EQ(frozen.line("s"), "s = Switch v p | T=:f32");
  EXPECT_EQ(frozen.line("i"), "i = Identity s:1 | T=:f32");
  EXPECT_THAT(frozen.line("set"), StartsWith("set = Const"));
}

TEST(FreezeVariables, ThroughALoop) {
  const Frozen frozen = freeze_text(R"(
    x = Placeholder i32[2]
  )" + kVariable + R"(
    e = Enter:resource v | frame_name=f is_constant=true
    i = Enter:i32 x | frame_name=f
    m = Merge:i32 i n | N=2
    l = LoopCond c
    c = Less:i32 m m
    s = Switch:i32 m l
    body = Identity:i32 s:1
    g = ResourceGather e body | dtype=:f32 Tindices=:i32
    r = ReadVariableOp e | dtype=:f32
    n = NextIteration:i32 body ^g ^r
    out = Exit:i32 s
  )");
  EXPECT_EQ(frozen.line("e"), "e = Enter v | T=:f32 frame_name=\"f\" is_constant=true");
  EXPECT_EQ(frozen.line("r"), "r = Identity e | T=:f32");
  EXPECT_EQ(frozen.line("g/axis"), "g/axis = Const ^body | dtype=:i32 value=i32[]{0}");
}

TEST(FreezeVariables, ThroughABranch) {
  const std::string branches = R"(
    p = Placeholder bool[]
  )" + kVariable + R"(
    s = Switch:resource v p
    a = Identity:resource s
    b = Identity:resource s:1
    m = Merge:resource a b | N=2
    r = ReadVariableOp m | dtype=:f32
    which = Identity:i32 m:1
  )";
  const Frozen frozen = freeze_text(branches);
  EXPECT_EQ(frozen.line("m"), "m = Merge a b | N=2 T=:f32");
  EXPECT_EQ(frozen.line("which"), "which = Identity m:1 | T=:i32");
}

TEST(FreezeVariables, WhatStaysIsNotTouched) {
  const std::string text = kVariable + R"(
    kept = VarHandleOp | dtype=:f32 shape=(2) shared_name=kept
    r = ReadVariableOp kept ^v | dtype=:f32
    a = AssignVariableOp kept r | dtype=:f32
  )";
  const Frozen frozen = freeze_text(text, {"kept"});
  EXPECT_EQ(frozen.line("r"), "r = ReadVariableOp kept ^v | dtype=:f32");
  EXPECT_EQ(frozen.line("kept"), "kept = VarHandleOp | dtype=:f32 shape=(2) shared_name=\"kept\"");
  EXPECT_EQ(frozen.changes, (std::multiset<std::string>{"Z1 v"}));
}

struct Refusal {
  const char* what;
  std::string nodes;
  const char* problem;
};

TEST(FreezeVariables, RefusesWhatChangesAVariable) {
  const Refusal cases[] = {
      {"a resource", kVariable + "a = AssignAddVariableOp v x | dtype=:f32",
       "node 'a' (AssignAddVariableOp) changes variable 'v'"},
      {"behind an Identity", kVariable + "i = Identity:resource v\na = AssignVariableOp i x | dtype=:f32",
       "node 'a' (AssignVariableOp) changes variable 'v'"},
      {"a reference", "v = VariableV2 | dtype=:f32 shape=(2)\na = ScatterAdd:f32 v j x | Tindices=:i32",
       "node 'a' (ScatterAdd) changes variable 'v'"},
      {"an operation that nobody knows", kVariable + "a = Mystery v",
       "is given and not understood with variable 'v'"},
      {"mixed with what stays",
       kVariable + "k = VarHandleOp | dtype=:f32 shape=(2)\nm = Merge:resource v k | N=2",
       "merges other things with variable 'v'"},
  };
  for (const Refusal& one : cases) {
    SCOPED_TRACE(one.what);
    const auto run = [&] {
      freeze_text("x = Placeholder f32[2]\nj = Placeholder i32[2]\n" + one.nodes + "\n", {"k"});
    };
    EXPECT_THAT(run, throws_error(ErrorKind::unsupported, one.problem));
  }
}

TEST(FreezeVariables, FindsWhoChangesAVariable) {
  const auto graph = graph_text::graph_of(R"(
    x = Placeholder f32[2]
    v = VarHandleOp | dtype=:f32 shape=(2)
    w = VariableV2 | dtype=:f32 shape=(2)
    i = Identity:resource v
    a = AssignVariableOp i x | dtype=:f32
    r = Identity:f32 w
  )");
  const Draft draft(graph);
  EXPECT_EQ(find_change(draft, graph->find("v")), graph->find("a"));
  EXPECT_EQ(find_change(draft, graph->find("w")), kNoNode);
}

}  // namespace
}  // namespace thaw::internal
