// Functions that take values where they took variables: their names, arguments, nodes and results.
#include "passes/frozen_functions.h"

#include <gmock/gmock.h>

#include "passes/frozen.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kSharedVariable = "v = VarHandleOp | dtype=:f32 shape=(2,2) shared_name=v\n";

const std::string kInner = R"(
  function inner x:f32 w:resource -> y:f32
    r = ReadVariableOp w | dtype=:f32
    m = MatMul:f32 x r:value:0
    return m:product:0
  end
)";

TEST(FrozenFunctions, AVariableBecomesAnArgument) {
  const Frozen frozen = freeze_text("x = Placeholder f32[?,2]\n" + kSharedVariable + R"(
    call = StatefulPartitionedCall x v | f=%inner Tin=[:f32,:resource] Tout=[:f32] _read_only_resource_inputs=[1]
  )" + kInner);
  EXPECT_THAT(frozen.functions(),
              ElementsAreArray({"inner_frozen_ x:f32 w:f32 -> y:f32", "  r = Identity w | T=:f32",
                                "  m = MatMul x r:output:0 | T=:f32", "  return m:product:0"}));
  EXPECT_THAT(Frozen::shortened(frozen.line("call")),
              StartsWith("call = StatefulPartitionedCall x v | Tin=[:f32,:f32] Tout=[:f32]"));
  EXPECT_THAT(Frozen::shortened(frozen.line("call")), HasSubstr("f=%inner_frozen_"));
  EXPECT_EQ(frozen.changes,
            (std::multiset<std::string>{"Z1 v", "Z2 inner_frozen_/r", "Z6 call", "Z7 inner_frozen_"}));
}

TEST(FrozenFunctions, ReadsThatAreResults) {
  const Frozen frozen = freeze_text(kSharedVariable + R"(
    call = PartitionedCall v | f=%read Tin=[:resource] Tout=[:f32]
    function read w:resource -> y:f32
      r = ReadVariableOp w | dtype=:f32
      return r:value:0
    end
  )");
  EXPECT_THAT(frozen.functions(), ElementsAreArray({"read_frozen_ w:f32 -> y:f32",
                                                    "  r = Identity w | T=:f32", "  return r:output:0"}));
}

// The freezer of TensorFlow leaves these as they are.
TEST(FrozenFunctions, GathersInFunctions) {
  const Frozen frozen = freeze_text("i = Placeholder i32[2]\n" + kSharedVariable + R"(
    call = PartitionedCall i v | f=%look Tin=[:i32,:resource] Tout=[:f32,:bool]
    function look i:i32 w:resource -> y:f32 set:bool
      g = ResourceGather w i | dtype=:f32 Tindices=:i32
      s = VarIsInitializedOp w
      n = LogicalNot s:is_initialized:0
      return g:output:0 n:y:0
    end
  )");
  EXPECT_THAT(frozen.functions(),
              ElementsAreArray({"look_frozen_ i:i32 w:f32 -> y:f32 set:bool",
                                "  g = GatherV2 w i g/axis:output:0 | Taxis=:i32 Tindices=:i32 Tparams=:f32",
                                "  s = Const | dtype=:bool value=bool[]{1}", "  n = LogicalNot s:output:0",
                                "  g/axis = Const | dtype=:i32 value=i32[]{0}", "  return g:output:0",
                                "  return n:y:0"}));
}

TEST(FrozenFunctions, NestedCallsAndLoops) {
  const Frozen frozen = freeze_text("x = Placeholder f32[?,2]\n" + kSharedVariable + R"(
    i = Const i32[] = 0
    loop = While i x v | cond=%cond body=%body T=[:i32,:f32,:resource]
    function cond i:i32 y:f32 w:resource -> go:bool
      four = Const i32[] = 4
      l = Less:i32 i four:output:0
      return l:z:0
    end
    function body i:i32 y:f32 w:resource -> j:i32 z:f32 u:resource
      one = Const i32[] = 1
      a = AddV2:i32 i one:output:0
      c = PartitionedCall y w | f=%inner Tin=[:f32,:resource] Tout=[:f32]
      return a:z:0 c:output:0 w
    end
  )" + kInner);
  const std::vector<std::string> lines = frozen.functions();
  EXPECT_EQ(lines[0], "cond_frozen_ i:i32 y:f32 w:f32 -> go:bool");
  EXPECT_EQ(lines[4], "body_frozen_ i:i32 y:f32 w:f32 -> j:i32 z:f32 u:f32");
  EXPECT_EQ(lines[7], "  c = PartitionedCall y w | Tin=[:f32,:f32] Tout=[:f32] f=%inner_frozen_");
  EXPECT_EQ(lines[11], "inner_frozen_ x:f32 w:f32 -> y:f32");
  EXPECT_THAT(frozen.line("loop"), HasSubstr("T=[:i32,:f32,:f32]"));
}

TEST(FrozenFunctions, OneFunctionForEachWayOfCallingIt) {
  const Frozen frozen = freeze_text("x = Placeholder f32[?,2]\n" + kSharedVariable + R"(
    u = VarHandleOp | dtype=:f32 shape=(2,2) shared_name=u
    k = VarHandleOp | dtype=:f32 shape=(2,3) shared_name=k
    stays = VarHandleOp | dtype=:f32 shape=(2,2) shared_name=s
    a = PartitionedCall x v | f=%inner Tin=[:f32,:resource] Tout=[:f32]
    b = PartitionedCall x u | f=%inner Tin=[:f32,:resource] Tout=[:f32]
    c = PartitionedCall x k | f=%inner Tin=[:f32,:resource] Tout=[:f32]
    d = PartitionedCall x stays | f=%inner Tin=[:f32,:resource] Tout=[:f32]
  )" + kInner,
                                    {"stays"});
  const Library library(*frozen.graph);
  EXPECT_EQ(library.functions().size(), 3u);  // the old one, and one for each shape
  EXPECT_EQ(frozen.line("a").substr(frozen.line("a").find('|')),
            frozen.line("b").substr(frozen.line("b").find('|')));
  EXPECT_NE(frozen.line("a").substr(frozen.line("a").find('|')),
            frozen.line("c").substr(frozen.line("c").find('|')));
  EXPECT_THAT(frozen.line("d"), HasSubstr("Tin=[:f32,:resource]"));
}

TEST(FrozenFunctions, VariablesThatAreGivenBack) {
  const Frozen frozen = freeze_text("p = Placeholder bool[]\n" + kSharedVariable + R"(
    choice = If p v | then_branch=%same else_branch=%same Tin=[:resource] Tout=[:resource]
    r = ReadVariableOp choice | dtype=:f32
    function same w:resource -> u:resource
      i = Identity:resource w
      return i:output:0
    end
  )");
  EXPECT_THAT(frozen.functions(), ElementsAreArray({"same_frozen_ w:f32 -> u:f32",
                                                    "  i = Identity w | T=:f32", "  return i:output:0"}));
  EXPECT_THAT(frozen.line("choice"), HasSubstr("Tout=[:f32]"));
  EXPECT_EQ(frozen.line("r"), "r = Identity choice | T=:f32");
}

// A function that calls itself is made once.
TEST(FrozenFunctions, Circles) {
  const Frozen frozen = freeze_text("x = Placeholder f32[?,2]\n" + kSharedVariable + R"(
    call = PartitionedCall x v | f=%round Tin=[:f32,:resource] Tout=[:f32]
    function round x:f32 w:resource -> y:f32
      c = PartitionedCall x w | f=%round Tin=[:f32,:resource] Tout=[:f32]
      return c:output:0
    end
  )");
  EXPECT_THAT(frozen.functions(),
              ElementsAreArray({"round_frozen_ x:f32 w:f32 -> y:f32",
                                "  c = PartitionedCall x w | Tin=[:f32,:f32] Tout=[:f32] f=%round_frozen_",
                                "  return c:output:0"}));
}

TEST(FrozenFunctions, OtherFunctionsStay) {
  const Frozen frozen = freeze_text("x = Placeholder f32[?,2]\n" + kSharedVariable + R"(
    call = PartitionedCall x v | f=%inner Tin=[:f32,:resource] Tout=[:f32]
    function unnamed x:f32 -> y:f32
      return x
    end
  )" + kInner);
  EXPECT_THAT(frozen.functions(),
              testing::IsSupersetOf({"unnamed x:f32 -> y:f32", "inner_frozen_ x:f32 w:f32 -> y:f32"}));
}

struct RefusedFreeze {
  const char* what;
  std::string function;
  const char* problem;
};

TEST(FrozenFunctions, RefusesWhatItCannotFreeze) {
  const RefusedFreeze cases[] = {
      {"a change",
       "a = AssignAddVariableOp w x | dtype=:f32\n r = ReadVariableOp w ^a | dtype=:f32\n return r:value:0",
       "function 'f': node 'a' (AssignAddVariableOp) changes variable 'v'"},
      {"an unknown use", "a = Mystery w\n return x",
       "function 'f': node 'a' (Mystery) is given and not understood with variable 'v'"},
      {"a call of a function that is not there",
       "a = PartitionedCall w | f=%gone Tin=[:resource] Tout=[:f32]\n return a:output:0",
       "is given and not understood with"},
  };
  for (const RefusedFreeze& one : cases) {
    SCOPED_TRACE(one.what);
    const std::string text = "x = Placeholder f32[2,2]\n" + kSharedVariable +
                             "call = PartitionedCall x v | f=%f Tin=[:f32,:resource] Tout=[:f32]\n"
                             "function f x:f32 w:resource -> y:f32\n " +
                             one.function + "\nend\n";
    EXPECT_THAT([&] { freeze_text(text); }, throws_error(ErrorKind::unsupported, one.problem));
  }
}

TEST(FrozenFunctions, ALoopHasToGiveItsVariablesBack) {
  const std::string text = kSharedVariable + R"(
    u = VarHandleOp | dtype=:f32 shape=(2,2) shared_name=u
    loop = While v u | cond=%cond body=%body T=[:resource,:resource]
    function cond a:resource b:resource -> go:bool
      t = VarIsInitializedOp a
      return t:is_initialized:0
    end
    function body a:resource b:resource -> c:resource d:resource
      return a a
    end
  )";
  EXPECT_THAT([&] { freeze_text(text, {"u"}); }, throws_error(ErrorKind::unsupported, "among its results"));
}

}  // namespace
}  // namespace thaw::internal
