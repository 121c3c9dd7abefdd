// Weights that a while loop carries around unchanged, as Keras's do; no name tells here.
#include "weights/loop_invariants.h"

#include <gtest/gtest.h>

#include "weights/decisions.h"

namespace thaw::internal {
namespace {

// A loop that carries x, w and b; `next_w` and `next_b` are what comes round.
std::string loop(const std::string& next_w, const std::string& next_b, const std::string& more = "") {
  return R"(
    x = Placeholder f32[3,4]
    a = Const f32[4,4]
    c = Const f32[4]
    xe = Enter:f32 x | frame_name=f
    we = Enter:f32 a | frame_name=f
    be = Enter:f32 c | frame_name=f
    xm = Merge:f32 xe xn | N=2
    wm = Merge:f32 we wn | N=2
    bm = Merge:f32 bn be | N=2
    sum = Sum:f32 xm axes
    axes = Const i32[2] = 0 1
    limit = Const f32[] = 9
    less = Less:f32 sum limit
    go = LoopCond less
    xs = Switch:f32 xm go
    ws = Switch:f32 wm go
    bs = Switch:f32 bm go
    wi = Identity:f32 ws:1
    bi = Identity:f32 bs:1
    product = MatMul:f32 xs:1 wi
    y = BiasAdd:f32 product bi
    xn = NextIteration:f32 y
    wn = NextIteration:f32 )" +
         next_w + "\n bn = NextIteration:f32 " + next_b + "\n out = Exit:f32 xs\n" + more;
}

std::string merges(const std::string& text) {
  const auto graph = graph_text::graph_of(text);
  std::string unchanged;
  for (const char* name : {"xm", "wm", "bm"}) {
    if (is_loop_invariant(*graph, graph->find(name))) unchanged += name;
  }
  return unchanged;
}

TEST(LoopInvariants, ComeRoundAsTheyWere) {
  const std::pair<std::string, const char*> cases[] = {
      {loop("wi", "bi"), "wmbm"},
      {loop("ws:1", "bs:1"), "wmbm"},
      {loop("wii", "bi", "wii = Identity:f32 wi"), "wmbm"},
      {loop("ws", "bi"), "bm"},  // the output that leaves the loop
      {loop("wr", "bi", "wr = Relu:f32 wi"), "bm"},
      {loop("product", "y"), ""},
      {loop("wi", "wi"), "wm"},  // another variable's value
      {loop("wi", "round", "round = Identity:f32 round"), "wm"},
  };
  for (const auto& [text, unchanged] : cases) EXPECT_EQ(merges(text), unchanged) << text;
}

TEST(LoopInvariants, AreFoundAsWeights) {
  const Decided found = decide(loop("wi", "bi"));
  EXPECT_TRUE(found.at("a").starts_with("variable trainable E")) << found.at("a");
  EXPECT_TRUE(found.at("c").starts_with("variable trainable E")) << found.at("c");
  const Decided changing = decide(loop("product", "y"));
  EXPECT_FALSE(changing.at("a").starts_with("variable")) << changing.at("a");
  EXPECT_FALSE(changing.at("c").starts_with("variable")) << changing.at("c");
}

}  // namespace
}  // namespace thaw::internal
