// Calls written out: what stands in their place, what stays a call, and why.
#include "passes/write_out_calls.h"

#include <gmock/gmock.h>

#include "compare/prove_calls.h"
#include "passes/function_lines.h"
#include "passes/nested_calls.h"

namespace thaw::internal {
namespace {

using testing::_;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Written {
  std::shared_ptr<const Graph> before;
  WrittenCalls done;

  Lines lines() const {
    Lines lines;
    for (NodeId id = 0; id < done.graph->node_count(); ++id)
      lines.push_back(node_lines::line_of(done.graph->node_def(id)));
    return lines;
  }
  std::string line(const std::string& name) const { return node_lines::line_of(*done.graph, name); }
  Lines functions() const {
    Lines names;
    const Library library(*done.graph);
    for (const FunctionDef& function : library.functions()) names.push_back(function.name);
    return names;
  }
  Lines function(const std::string& prefix) const {
    const Library library(*done.graph);
    for (const FunctionDef& function : library.functions()) {
      if (function.name.starts_with(prefix)) return function_lines(function);
    }
    return {};
  }
  Lines changes() const {
    Lines all;
    for (const Change& change : done.changes) all.push_back(change.rule + " " + change.node);
    return all;
  }
};

// Weights are called "w...".
Written write_out(const std::string& text, bool expand_cells = false, std::uint64_t most = kMostWrittenOut) {
  Written written{graph_text::graph_of(text), {}};
  std::vector<NodeId> weights;
  for (NodeId id = 0; id < written.before->node_count(); ++id) {
    if (written.before->name(id).starts_with('w')) weights.push_back(id);
  }
  written.done = write_out_calls(written.before, weights, expand_cells, most);
  prove_calls(*written.before, *written.done.graph);
  return written;
}

TEST(WriteOutCalls, WhatTheRuntimeDoesNotDifferentiate) {
  const Written written = write_out(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    call = PartitionedCall x w | f=%elu Tin=[:f32,:f32] Tout=[:f32] @/cpu:0
    out = Identity:f32 call
  )" + kElu);
  EXPECT_THAT(written.lines(),
              ElementsAre(_, StartsWith("w = Const"), "call = IdentityN call/e | T=[:f32] @/cpu:0",
                          "out = Identity call | T=:f32", "call/m = MatMul x w | T=:f32 @/cpu:0",
                          "call/e = Elu call/m | T=:f32 @/cpu:0"));
  EXPECT_THAT(written.changes(), ElementsAreArray({"F5 call", "F5 call/m", "F5 call/e"}));
  EXPECT_THAT(written.functions(), IsEmpty());
}

TEST(WriteOutCalls, NotWhatItDoes) {
  const Written written = write_out(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    call = PartitionedCall x w | f=%f Tin=[:f32,:f32] Tout=[:f32]
    function f v:f32 k:f32 -> y:f32
      m = MatMul:f32 v k
      t = Tanh:f32 m:product:0
      return t:y:0
    end)");
  EXPECT_EQ(written.done.graph, written.before);
}

TEST(WriteOutCalls, NotBeforeAnyWeight) {
  const Written written = write_out(R"(
    k = Const f32[2,2]
    w = Const f32[2,2]
    call = PartitionedCall k k | f=%elu Tin=[:f32,:f32] Tout=[:f32]
    out = MatMul:f32 call w
  )" + kElu);
  EXPECT_EQ(written.done.graph, written.before);
}

// An outer call is written out for the inner one's sake, which stays one.
TEST(WriteOutCalls, CallsInCalls) {
  const Written written = write_out(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    call = StatefulPartitionedCall x w ^x | f=%outer Tin=[:f32,:f32] Tout=[:f32,:f32]
    out = AddV2:f32 call call:1
    function outer v:f32 k:f32 -> y:f32 z:f32
      n = Const i32[] = 2
      c = PartitionedCall v k | f=%inner Tin=[:f32,:f32] Tout=[:f32]
      s = Split:f32 n:output:0 c:output:0 | num_split=2
      return s:output:1 v
    end
    function inner v:f32 k:f32 -> y:f32
      m = MatMul:f32 v k
      return m:product:0
    end)");
  EXPECT_EQ(written.line("call"), "call = IdentityN call/s:1 x ^x | T=[:f32,:f32]");
  EXPECT_EQ(written.line("call/c"), "call/c = PartitionedCall x w ^x | Tin=[:f32,:f32] Tout=[:f32] f=%inner");
  EXPECT_EQ(written.line("call/s"), "call/s = Split call/n call/c ^x | T=:f32 num_split=2");
  EXPECT_THAT(written.line("call/n"), StartsWith("call/n = Const ^x"));
  EXPECT_THAT(written.functions(), ElementsAreArray({"inner"}));
}

TEST(WriteOutCalls, InTheBodyOfALoop) {
  const Written written = write_out(kLoop);
  EXPECT_THAT(written.line("loop"), AllOf(HasSubstr("body=%body_thawed_"), HasSubstr("cond=%cond")));
  const Lines body = written.function("body_thawed_");
  EXPECT_EQ(
      Lines(body.begin() + 1, body.end()),
      (Lines{"one = Const | dtype=:i32 value=i32[]{1}", "next = AddV2 i one:output:0 | T=:i32",
             "c/a/m = MatMul y k ^next | T=:f32", "c/a/e = Elu c/a/m:product:0 ^next | T=:f32",
             "c/a = IdentityN c/a/e:activations:0 ^next | T=[:f32]",
             "c/b/m = MatMul c/a:output:0 k ^next | T=:f32", "c/b/e = Elu c/b/m:product:0 ^next | T=:f32",
             "c/b = IdentityN c/b/e:activations:0 ^next | T=[:f32]",
             "c = IdentityN c/b:output:0 ^next | T=[:f32]", "t = Tanh c:output:0 ^c | T=:f32",
             "return next:z:0 t:y:0 k"}));
  EXPECT_THAT(written.functions(), ElementsAre(StartsWith("body_thawed_"), "cond"));
  EXPECT_THAT(written.changes(),
              ElementsAre("F2 loop", StartsWith("F3 twice_thawed_"), _, _, StartsWith("F3 body_thawed_"), _));
}

// What a dead argument leaves dead: all of the call, in a branch of TensorFlow 1.
TEST(WriteOutCalls, BesideABranch) {
  const Written written = write_out(R"(
    x = Placeholder f32[?,2]
    p = Placeholder bool[]
    w = Const f32[2,2]
    s = Switch:f32 x p
    call = PartitionedCall s:1 w | f=%f Tin=[:f32,:f32] Tout=[:f32]
    m = Merge:f32 s call | N=2
    function f unused:f32 k:f32 -> y:f32
      n = Const f32[2,2]
      a = AddV2:f32 k n:output:0
      e = Elu:f32 a:z:0
      return e:activations:0
    end)");
  EXPECT_EQ(written.line("call"), "call = IdentityN call/e s:1 w | T=[:f32,:f32,:f32]");
  EXPECT_THAT(written.line("call/n"), StartsWith("call/n = Const ^s |"));
}

TEST(WriteOutCalls, CallsByName) {
  const Written written = write_out(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    call = outer x w
    out = Tanh:f32 call:1
    function outer v:f32 k:f32 -> y:f32 z:f32
      c = both v k
      return c:second:0 c:first:0
    end
    function both v:f32 k:f32 -> first:f32 second:f32
      m = MatMul:f32 v k
      e = Elu:f32 m:product:0
      return m:product:0 e:activations:0
    end)");
  EXPECT_EQ(written.line("call"), "call = IdentityN call/c:1 call/c | T=[:f32,:f32]");
  EXPECT_EQ(written.line("call/c"), "call/c = IdentityN call/c/m call/c/e | T=[:f32,:f32]");
}

TEST(WriteOutCalls, CellsInFunctions) {
  const std::string text = R"(
    x = Placeholder f32[2,3]
    p = Placeholder bool[]
    w = Const f32[2,4]
    if = If p x w | then_branch=%step else_branch=%other Tcond=:bool Tin=[:f32,:f32] Tout=[:f32]
    function step x:f32 h:f32 -> y:f32
      w_ru = Const f32[7,8]
      w_c = Const f32[7,4]
      b_ru = Const f32[8]
      b_c = Const f32[4]
      cell = GRUBlockCell:f32 x h w_ru:output:0 w_c:output:0 b_ru:output:0 b_c:output:0
      return cell:h:0
    end
    function other x:f32 h:f32 -> y:f32
      t = Tanh:f32 h
      return t:y:0
    end)";
  EXPECT_THAT(write_out(text).changes(), IsEmpty());
  const Written written = write_out(text, true);
  EXPECT_THAT(written.line("if"),
              AllOf(HasSubstr("then_branch=%step_thawed_"), HasSubstr("else_branch=%other")));
  const Lines step = written.function("step_thawed_");
  EXPECT_EQ(step.back(), "return cell:output:3");
  EXPECT_THAT(step, Contains("cell = IdentityN cell/expanded/r:y:0 cell/expanded/u:y:0 cell/expanded/c:y:0 "
                             "cell/expanded/h:z:0 | T=[:f32,:f32,:f32,:f32]"));
  EXPECT_THAT(step, Contains("cell/expanded/u = Sigmoid cell/expanded/gates:output:1 | T=:f32"));
  EXPECT_THAT(written.changes(), Contains(HasSubstr("K1 step_thawed_")));
}

struct Staying {
  const char* call;
  const char* functions;
  const char* why;
};

TEST(WriteOutCalls, WhatStaysIsSaidToStay) {
  const Staying cases[] = {
      {"call = PartitionedCall x w | f=%elu Tin=[:f32,:f32] Tout=[:f32] _XlaMustCompile=true", "",
       "XLA compiles it as a whole"},
      {"call = PartitionedCall x w | f=%again Tin=[:f32,:f32] Tout=[:f32]", R"(
       function again v:f32 k:f32 -> y:f32
         c = PartitionedCall v k | f=%again Tin=[:f32,:f32] Tout=[:f32]
         return c:output:0
       end)",
       "its function calls itself, or is named by more than calls"},
      {"call = PartitionedCall x w | f=%turns Tin=[:f32,:f32] Tout=[:f32]", R"(
       function turns v:f32 k:f32 -> y:f32
         c = Greater:f32 v k
         s = Switch:f32 v c:z:0
         m = Merge:f32 s:output_false:0 s:output_true:0 | N=2
         return m:output:0
       end)",
       "it holds a loop or a branch of TensorFlow 1"},
      {"call/e = Identity:f32 x\ncall = PartitionedCall x w | f=%elu Tin=[:f32,:f32] Tout=[:f32]", "",
       "the names below it are taken"},
  };
  for (const Staying& test : cases) {
    const Written written = write_out(std::string("x = Placeholder f32[2,2]\nw = Const f32[2,2]\n") +
                                      test.call + "\n" + test.functions + kElu);
    ASSERT_EQ(written.done.stay.size(), 1u) << test.why;
    EXPECT_EQ(written.done.stay[0].why, test.why);
    EXPECT_EQ(written.done.graph, written.before);
  }
}

// Each function calls the one before it twice: all of it would be 2^40 nodes.
TEST(WriteOutCalls, GrowthHasAnEnd) {
  std::string text =
      "x = Placeholder f32[2,2]\nw = Const f32[2,2]\n"
      "call = PartitionedCall x w | f=%f40 Tin=[:f32,:f32] Tout=[:f32]\n" +
      kElu;
  for (int k = 1; k <= 40; ++k) {
    const std::string inner = k == 1 ? "elu" : "f" + std::to_string(k - 1);
    const std::string tail = " | f=%" + inner + " Tin=[:f32,:f32] Tout=[:f32]\n";
    text += "function f" + std::to_string(k) + " v:f32 k:f32 -> y:f32\n" + "a = PartitionedCall v k" + tail +
            "b = PartitionedCall a:output:0 k" + tail + "return b:output:0\nend\n";
  }
  const Written written = write_out(text, false, 20'000);
  EXPECT_LT(written.done.graph->node_count(), 20'000u);
  ASSERT_FALSE(written.done.stay.empty());
  EXPECT_EQ(written.done.stay[0].why, "the graph would become too large");
}

}  // namespace
}  // namespace thaw::internal
