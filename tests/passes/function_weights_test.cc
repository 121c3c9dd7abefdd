// Weights inside functions: which calls pass what, and what the functions look like afterwards.
#include "passes/function_weights.h"

#include <gmock/gmock.h>

#include "passes/function_lines.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAre;

TEST(FunctionWeights, BecomeArguments) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    call = PartitionedCall x ^x | f=%__inference_inner_11 Tin=[:f32] Tout=[:f32] _output_shapes=[a]
    out = Identity:f32 call
  )" + kInnerFunction);
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"inner/w"}));
  EXPECT_EQ(inputs_of(thawed, "call"), "x inner/w/read ^x ");
  EXPECT_THAT(thawed.line("call"),
              HasSubstr("| Tin=[:f32,:f32] Tout=[:f32] f=%__inference_inner_11_thawed_"));
  EXPECT_THAT(
      functions_of(thawed)["__inference_inner_11"],
      ElementsAreArray({"__inference_inner_11 x:f32 w_1:f32", "w = Identity w_1 | T=:f32",
                        "n = Const | dtype=:i32 value=i32[2]{-1 2}", "r = Reshape x n:output:0 | T=:f32",
                        "m = MatMul r:output:0 w:output:0 | T=:f32", "return m:product:0"}));
  EXPECT_THAT(thawed.line("inner/w"), StartsWith("inner/w = VarHandleOp"));
}

TEST(FunctionWeights, EveryChangeIsListed) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    call = PartitionedCall x | f=%__inference_inner_11 Tin=[:f32] Tout=[:f32]
    out = Identity:f32 call
  )" + kInnerFunction);
  const std::string function = Library(*thawed.graph).functions()[0].name;
  std::multiset<std::string> changes = thawed.changes();
  std::erase_if(changes, [](const std::string& change) { return change[0] != 'F'; });
  EXPECT_THAT(changes,
              UnorderedElementsAre("F1 inner/w", "F2 call", "F3 " + function, "F4 " + function + "/w"));
}

TEST(FunctionWeights, OneVariableForAllCallsOfAFunction) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    a = PartitionedCall x | f=%__inference_inner_11 Tin=[:f32] Tout=[:f32]
    b = StatefulPartitionedCall a | f=%__inference_inner_11 Tin=[:f32] Tout=[:f32]
  )" + kInnerFunction);
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"inner/w"}));
  EXPECT_EQ(inputs_of(thawed, "a"), "x inner/w/read ");
  EXPECT_EQ(inputs_of(thawed, "b"), "a inner/w/read ");
  EXPECT_EQ(functions_of(thawed).size(), 1u);
}

// A call in a call has no gradient: the outer one is written out.
TEST(FunctionWeights, AreHandedDownThroughNestedCalls) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    call = PartitionedCall x | f=%outer Tin=[:f32] Tout=[:f32]
    function outer x:f32 -> y:f32
      w = Const f32[2,2]
      m = MatMul:f32 x w:output:0
      c = PartitionedCall m:product:0 ^w | f=%__inference_inner_11 Tin=[:f32] Tout=[:f32]
      return c:output:0
    end
  )" + kInnerFunction);
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"inner/w", "outer/w"}));
  EXPECT_EQ(inputs_of(thawed, "call"), "call/c ");
  EXPECT_EQ(inputs_of(thawed, "call/w"), "outer/w ");
  EXPECT_EQ(inputs_of(thawed, "call/m"), "x call/w ");
  EXPECT_EQ(inputs_of(thawed, "call/c"), "call/m inner/w/read ^call/w ");
  EXPECT_THAT(functions_of(thawed), SizeIs(1));
}

const std::string kLoop = R"(
  function body i:i32 y:f32 -> j:i32 z:f32
    w = Const f32[2,2]
    one = Const i32[] = 1
    next = AddV2:i32 i one:output:0
    m = MatMul:f32 y w:output:0
    return next:z:0 m:product:0
  end
)" + kFourRounds;

TEST(FunctionWeights, GoAroundALoopUnchanged) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    i = Const i32[] = 0
    loop = StatelessWhile i x | body=%body cond=%cond T=[:i32,:f32] _num_original_outputs=2
    out = Identity:f32 loop:1
  )" + kLoop);
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"body/w"}));
  EXPECT_EQ(inputs_of(thawed, "loop"), "i x body/w/read ");
  EXPECT_THAT(thawed.line("loop"),
              HasSubstr("T=[:i32,:f32,:f32] _num_original_outputs=3 body=%body_thawed_"));
  std::map<std::string, Lines> functions = functions_of(thawed);
  EXPECT_EQ(functions["body"].front(), "body i:i32 y:f32 w_1:f32");
  EXPECT_EQ(functions["body"].back(), "return next:z:0 m:product:0 w_1");
  EXPECT_EQ(functions["cond"].front(), "cond i:i32 y:f32 w:f32");
  EXPECT_EQ(functions["cond"].back(), "return l:z:0");
}

TEST(FunctionWeights, TheSameListForAllBranches) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    n = Placeholder i32[]
    c = Case n x | branches=[%one,%two,%two] Tin=[:f32] Tout=[:f32]
    out = Identity:f32 c
    function one x:f32 -> y:f32
      w = Const f32[2,2]
      m = MatMul:f32 x w:output:0
      return m:product:0
    end
    function two x:f32 -> y:f32
      b = Const f32[2]
      m = BiasAdd:f32 x b:output:0
      return m:output:0
    end
  )");
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"one/w", "two/b"}));
  EXPECT_EQ(inputs_of(thawed, "c"), "n x one/w/read two/b/read ");
  std::map<std::string, Lines> functions = functions_of(thawed);
  EXPECT_EQ(functions["one"].front(), "one x:f32 w_1:f32 b:f32");
  EXPECT_EQ(functions["two"].front(), "two x:f32 w:f32 b_1:f32");
}

TEST(FunctionWeights, AFunctionForEachListThatCallsPass) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    p = Placeholder bool[]
    call = PartitionedCall x | f=%__inference_inner_11 Tin=[:f32] Tout=[:f32]
    if = If p call | then_branch=%__inference_inner_11 else_branch=%other Tcond=:bool Tin=[:f32] Tout=[:f32]
    function other x:f32 -> y:f32
      v = Const f32[2,2]
      m = MatMul:f32 x v:output:0
      return m:product:0
    end
  )" + kInnerFunction);
  EXPECT_EQ(inputs_of(thawed, "call"), "x inner/w/read ");
  EXPECT_EQ(inputs_of(thawed, "if"), "p call other/v/read inner/w/read ");
  std::vector<std::string> names;
  const Library library(*thawed.graph);
  for (const FunctionDef& function : library.functions()) names.push_back(function.name);
  EXPECT_THAT(names, ElementsAre(StartsWith("other_thawed_"), StartsWith("__inference_inner_11_thawed_"),
                                 StartsWith("__inference_inner_11_thawed_")));
  EXPECT_NE(names[1], names[2]);
}

// The parameter of a function says what the constant is that is passed to it.
TEST(FunctionWeights, OutsideOfFunctionsAreKnownByWhatTheyDoInside) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    s = Const f32[2]
    call = PartitionedCall x w s | f=%product Tin=[:f32,:f32,:f32] Tout=[:f32]
    function product x:f32 kernel:f32 start:f32 -> y:f32
      m = MatMul:f32 x kernel
      n = Const i32[1] = 2
      s = Fill:f32 n:output:0 start
      a = AddV2:f32 m:product:0 s:output:0
      return a:z:0
    end
  )");
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"w"}));
  EXPECT_EQ(thawed.line("call"),
            "call = PartitionedCall x w/read s | Tin=[:f32,:f32,:f32] Tout=[:f32] f=%product");
}

// Data reaches a function through its arguments only: two factors that are both constants are no layer.
TEST(FunctionWeights, AreFoundByTheSameEvidence) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    k = Const f32[2,2]
    call = PartitionedCall k | f=%f Tin=[:f32] Tout=[:f32]
    out = MatMul:f32 x call
    function f x:f32 -> y:f32
      w = Const f32[2,2]
      shape = Const f32[2] = 3 4
      c = Cast shape:output:0 | SrcT=:f32 DstT=:i32
      r = Reshape:f32 w:output:0 c:y:0
      return r:output:0
    end
  )");
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"f/w"}));
}

TEST(FunctionWeights, OptionsKnowThemByFunctionAndNode) {
  const std::string text = R"(
    x = Placeholder f32[?,2]
    v = Const f32[2,2]
    m = MatMul:f32 x v
    call = PartitionedCall m | f=%__inference_inner_11 Tin=[:f32] Tout=[:f32]
  )" + kInnerFunction;
  ThawOptions options;
  options.keep = {"inner/w"};
  EXPECT_THAT(variables_of(thaw_text(text, options)), ElementsAreArray({"v"}));
  options = {};
  options.rename = {"inner/w=dense/kernel"};
  EXPECT_THAT(variables_of(thaw_text(text, options)), ElementsAreArray({"dense/kernel", "v"}));
  options = {};
  options.outputs = {"m"};
  options.prune = true;
  EXPECT_THAT(variables_of(thaw_text(text, options)), ElementsAreArray({"v"}));
}

// Two nodes of one name would end TensorFlow's process: it puts what a call does below the call's name.
TEST(FunctionWeights, TakeNoNameThatTheRuntimeGives) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    inner = PartitionedCall x | f=%__inference_inner_11 Tin=[:f32] Tout=[:f32]
  )" + kInnerFunction);
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"inner_1/w"}));
}

TEST(FunctionWeights, HaveNamesThatTensorFlowAccepts) {
  const Thawed thawed = thaw_text(R"(
    x = Placeholder f32[?,2]
    call = PartitionedCall x | f=%__inference_<lambda>_5 Tin=[:f32] Tout=[:f32]
    function __inference_<lambda>_5 x:f32 -> y:f32
      Some.W = Const f32[2,2]
      m = MatMul:f32 x Some.W:output:0
      return m:product:0
    end
  )");
  EXPECT_THAT(variables_of(thawed), ElementsAreArray({"lambda/Some.W"}));
  EXPECT_EQ(functions_of(thawed)["__inference_<lambda>_5"].front(),
            "__inference_<lambda>_5 x:f32 some_w:f32");
}

}  // namespace
}  // namespace thaw::internal
