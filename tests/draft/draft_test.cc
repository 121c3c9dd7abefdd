#include "draft/draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "draft/places.h"
#include "support/graph_text.h"
#include "support/node_lines.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;
using graph_text::graph_bytes;
using graph_text::graph_of;
using graph_text::node_of;
using graph_text::read_graph;
using node_lines::lines_of;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::UnorderedElementsAreArray;

const std::string kSmall = R"(
  x = Placeholder f32[?,4]
  w = Const f32[4,8]
  y = MatMul:f32 x w
  z = Add:f32 y y ^w
)";

std::string edges(const Draft& draft, const std::vector<Edge>& list) {
  std::string text;
  for (const Edge& edge : list) {
    text += (text.empty() ? "" : " ") + draft.name(edge.node) + ":" +
            (edge.is_control() ? "^" : std::to_string(edge.port));
  }
  return text;
}

std::string consumers(const Draft& draft, const std::string& name) {
  return edges(draft, draft.consumers(draft.find(name)));
}
std::string inputs(const Draft& draft, const std::string& name) {
  return edges(draft, draft.inputs(draft.find(name)));
}

std::vector<std::string> emitted(const Draft& draft) {
  return lines_of(*read_graph(memory_source(draft.emit().bytes())));
}

TEST(Draft, IsItsGraphUntilSomebodyEditsIt) {
  std::string bytes = graph_bytes(kSmall + "large = Const f32[500]\n");
  bytes += "\x22\x02\x08\x1b\xaa\x06\x03odd"s;  // versions, and a field that nobody knows
  const auto graph = read_graph(memory_source(bytes));
  const Draft draft(graph);
  EXPECT_TRUE(draft.emit().bytes() == bytes);
  EXPECT_EQ(draft.emit().size(), bytes.size());
  EXPECT_TRUE(draft.changes().empty());
  EXPECT_EQ(consumers(draft, "w"), "y:1 z:^");
  EXPECT_EQ(draft.attr(draft.find("y"), "T"), attr_of_type(DType::float32));
}

TEST(Draft, AnswersAfterEveryEdit) {
  Draft draft(graph_of(kSmall));
  const NodeId w = draft.find("w"), y = draft.find("y"), z = draft.find("z");

  const NodeId read = draft.add(node_of("w/read = Identity:f32 w"), w, kWhy);
  EXPECT_TRUE(draft.is_added(read));
  EXPECT_EQ(draft.find("w/read"), read);
  EXPECT_EQ(consumers(draft, "w"), "y:1 z:^ w/read:0");

  draft.redirect(y, 1, {read, 0}, kWhy);
  EXPECT_EQ(consumers(draft, "w"), "z:^ w/read:0");
  EXPECT_EQ(consumers(draft, "w/read"), "y:1");
  EXPECT_EQ(inputs(draft, "y"), "x:0 w/read:0");

  draft.replace(w, node_of("w = VarHandleOp | dtype=:f32"), kWhy);
  EXPECT_EQ(draft.op(w), "VarHandleOp");
  EXPECT_EQ(draft.attr(w, "value"), std::nullopt);
  EXPECT_EQ(consumers(draft, "w"), "z:^ w/read:0");

  draft.replace(z, node_of("z = Neg:f32 y"), kWhy);
  EXPECT_EQ(consumers(draft, "w"), "w/read:0");
  EXPECT_EQ(consumers(draft, "y"), "z:0");

  draft.remove(z, kWhy);
  EXPECT_TRUE(draft.is_removed(z));
  EXPECT_EQ(draft.find("z"), kNoNode);
  EXPECT_EQ(consumers(draft, "y"), "");
  EXPECT_THAT(emitted(draft),
              ElementsAreArray({"x = Placeholder | dtype=:f32 shape=(?,4)", "w = VarHandleOp | dtype=:f32",
                                "w/read = Identity w | T=:f32", "y = MatMul x w/read | T=:f32"}));
  EXPECT_EQ(draft.changes().size(), 5u);
  EXPECT_EQ(draft.changes()[0].rule, "T1");
}

TEST(Draft, RedirectsOneSlotOfMany) {
  Draft draft(graph_of(kSmall));
  draft.redirect(draft.find("z"), 1, {draft.find("x"), 0}, kWhy);
  EXPECT_EQ(inputs(draft, "z"), "y:0 x:0 w:^");
  EXPECT_EQ(consumers(draft, "y"), "z:0");
  EXPECT_EQ(consumers(draft, "x"), "y:0 z:1");
  draft.redirect(draft.find("z"), 0, {draft.find("x"), 3}, kWhy);
  EXPECT_EQ(emitted(draft)[3], "z = Add x:3 x ^w | T=:f32");
}

TEST(Draft, PutsNewNodesBehindTheirPlace) {
  Draft draft(graph_of(kSmall));
  const NodeId w = draft.find("w");
  draft.add(node_of("last = NoOp"), kNoNode, kWhy);
  draft.add(node_of("first = NoOp"), w, kWhy);
  draft.add(node_of("second = NoOp ^first"), w, kWhy);
  draft.remove(w, kWhy);
  draft.remove(draft.find("y"), kWhy);
  draft.remove(draft.find("z"), kWhy);
  std::string names;
  for (const NodeId id : draft.order()) names += draft.name(id) + " ";
  EXPECT_EQ(names, "x first second last ");
}

TEST(Draft, EmitsUntouchedNodesAsTheirOwnBytes) {
  // Fields in an order of their own, a map entry without a value, a field that nobody knows.
  std::string odd, message;
  MessageWriter(odd).bytes(2, "NoOp").bytes(5, "\x0a\x01k").bytes(1, "odd").varint(70, 3);
  MessageWriter(message).bytes(1, odd);
  Draft draft(read_graph(memory_source(message + graph_bytes(kSmall))));
  draft.replace(draft.find("y"), node_of("y = Neg:f32 x"), kWhy);
  const std::string emitted_bytes = draft.emit().bytes();
  EXPECT_TRUE(
      emitted_bytes.starts_with(message + graph_bytes("x = Placeholder f32[?,4]\nw = Const f32[4,8]\n")));
  EXPECT_TRUE(emitted_bytes.ends_with(graph_bytes("z = Add:f32 y y ^w\n")));
}

TEST(Draft, CanBeForked) {
  Draft first(graph_of(kSmall));
  first.remove(first.find("z"), kWhy);
  Draft second = first;
  second.remove(second.find("y"), kWhy);
  first.add(node_of("z = NoOp ^y"), kNoNode, kWhy);
  EXPECT_EQ(consumers(first, "y"), "z:^");
  EXPECT_EQ(second.find("z"), kNoNode);
  EXPECT_EQ(emitted(second).size(), 2u);
  EXPECT_EQ(emitted(first).size(), 4u);
}

TEST(Draft, GivesNamesThatAreFree) {
  Draft draft(graph_of("a = NoOp\na_1 = NoOp\n"));
  EXPECT_EQ(draft.unique_name("b"), "b");
  EXPECT_EQ(draft.unique_name("a"), "a_2");
  draft.add(node_of("a_2 = NoOp"), kNoNode, kWhy);
  EXPECT_EQ(draft.unique_name("a"), "a_3");
  draft.remove(draft.find("a_1"), kWhy);
  EXPECT_EQ(draft.unique_name("a"), "a_1");
  for (int k = 1; k <= 200; ++k) {
    const std::string name = draft.unique_name("many");
    EXPECT_EQ(name, k == 1 ? "many" : "many_" + std::to_string(k - 1));
    draft.add(node_of(name + " = NoOp"), kNoNode, kWhy);
  }
}

TEST(Draft, IsRefusedWhereItDoesNotHoldTogether) {
  using enum ErrorKind;
  Draft draft(graph_of(kSmall));
  const NodeId y = draft.find("y");
  EXPECT_THAT([&] { draft.add(node_of("x = NoOp"), kNoNode, kWhy); }, throws_error(bug, "took the name 'x'"));
  EXPECT_THAT([&] { draft.add(node_of("n = Neg absent"), kNoNode, kWhy); },
              throws_error(bug, "'absent', which does not exist"));
  EXPECT_THAT([&] { draft.replace(y, node_of("other = NoOp"), kWhy); },
              throws_error(bug, "changed its name"));
  EXPECT_THAT([&] { draft.replace(y, node_of("y = Neg absent"), kWhy); }, throws_error(bug, "'absent'"));
  EXPECT_EQ(consumers(draft, "x"), "y:0");  // nothing was changed by all that

  Draft dangling = draft;
  dangling.replace(y, node_of("y = Neg:f32 x"), kWhy);
  dangling.remove(dangling.find("x"), kWhy);
  EXPECT_THAT([&] { dangling.emit(); }, throws_error(bug, "node 'y' takes a removed node"));
  EXPECT_THAT([&] { dangling.add(node_of("n = Neg x"), kNoNode, kWhy); },
              throws_error(bug, "'x', which does not exist"));

  Draft disordered = draft;
  disordered.replace(y, node_of("y = Neg ^w x"), kWhy);
  EXPECT_THAT([&] { disordered.emit(); }, throws_error(bug, "data behind control inputs"));
}

// A removed node that an untouched node takes.
TEST(Draft, IsRefusedWhileAnUntouchedNodeDangles) {
  Draft draft(graph_of(kSmall));
  draft.remove(draft.find("x"), kWhy);
  EXPECT_THAT([&] { draft.emit(); }, throws_error(ErrorKind::bug, "'y' takes a removed node"));
}

// -- renaming

TEST(DraftRename, IsFollowedByInputsControlsAndPlaces) {
  Draft draft(graph_of(kPlaces));
  draft.rename({{draft.find("w"), "new/w"}, {draft.find("s"), "t"}}, "M0");
  EXPECT_THAT(emitted(draft), ElementsAre("x = Placeholder | dtype=:f32 shape=(?)",
                                          testing::StartsWith("new/w = Const ^x | dtype"),
                                          "w/read = Identity new/w | T=:f32 _class=[loc:@new/w]",
                                          "y = Add x w/read ^new/w | T=:f32 _class=[loc:@new/w,loc:@x,other]",
                                          "t = Split y new/w | T=:f32 num_split=2", "z = Neg t:1 | T=:f32"));
  EXPECT_EQ(draft.find("w"), kNoNode);
  EXPECT_EQ(draft.name(draft.find("new/w")), "new/w");
  std::vector<std::string> told;
  for (const ChangeView& change : draft.changes())
    told.push_back(std::string(change.rule) + " " + std::string(change.node) + " " +
                   std::string(change.what));
  EXPECT_THAT(told, UnorderedElementsAreArray({"M0 new/w was called w", "M0 t was called s"}));
}

TEST(DraftRename, ExchangesNames) {
  Draft draft(graph_of(kPlaces));
  draft.rename({{draft.find("w"), "x"}, {draft.find("x"), "w"}}, "M0");
  EXPECT_EQ(emitted(draft)[0], "w = Placeholder | dtype=:f32 shape=(?)");
  EXPECT_EQ(emitted(draft)[3], "y = Add w w/read ^x | T=:f32 _class=[loc:@x,loc:@w,other]");
  EXPECT_EQ(draft.op(draft.find("w")), "Placeholder");
}

TEST(DraftRename, RefusesNamesThatAreTaken) {
  Draft draft(graph_of(kPlaces));
  EXPECT_THAT([&] { draft.rename({{draft.find("w"), "x"}}, "M0"); },
              throws_error(ErrorKind::usage, "'w' would be called 'x', as another node is"));
  Draft second(graph_of(kPlaces));
  EXPECT_THAT([&] { second.rename({{second.find("w"), "n"}, {second.find("x"), "n"}}, "M0"); },
              throws_error(ErrorKind::usage, "'n', as another node is"));
}

TEST(DraftRename, LeavesOthersAsTheyWere) {
  Draft draft(graph_of(kPlaces));
  draft.rename({{draft.find("z"), "out"}}, "M0");
  EXPECT_FALSE(draft.is_touched(draft.find("w")));
  EXPECT_FALSE(draft.is_touched(draft.find("y")));
  Draft same(graph_of(kPlaces));
  same.rename({}, "M0");
  EXPECT_TRUE(same.emit().bytes() == graph_bytes(kPlaces));
}

}  // namespace
}  // namespace thaw::internal
