#include "compare/written_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/graph_text.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;

const std::string kWas = "x = Placeholder f32[2]\ny = Relu:f32 x\nz = Add:f32 y x ^x\n";

WrittenGraph written(const Graph& was, const std::string& text) {
  return WrittenGraph(memory_source(graph_text::graph_bytes(text)), was);
}

TEST(WrittenGraph, KnowsUnchangedNodesByTheirIds) {
  const auto was = graph_text::graph_of(kWas);
  const WrittenGraph same = written(*was, kWas);
  EXPECT_EQ(same.node_count(), 3u);
  for (NodeId id = 0; id < 3; ++id) {
    EXPECT_TRUE(same.is_same(id));
    EXPECT_EQ(same.find(was->name(id)), id);
  }
  EXPECT_THAT(same.inputs(2), ElementsAre(Edge{1, 0}, Edge{0, 0}, Edge{0, kControl}));
}

TEST(WrittenGraph, HoldsWhatChangedOrIsNew) {
  const auto was = graph_text::graph_of(kWas);
  const WrittenGraph is =
      written(*was, "x = Placeholder f32[2]\nn = NoOp\ny = Elu:f32 x\nz = Add:f32 y x ^x\nm = Neg:f32 z\n");
  EXPECT_EQ(is.node_count(), 5u);
  EXPECT_TRUE(is.is_same(0));
  EXPECT_FALSE(is.is_same(1));
  EXPECT_TRUE(is.is_same(2));
  EXPECT_EQ(is.op(is.find("y")), "Elu");
  EXPECT_GE(is.find("y"), was->node_count());
  EXPECT_THAT(is.inputs(is.find("m")), ElementsAre(Edge{2, 0}));
  EXPECT_THAT(is.inputs(2), ElementsAre(Edge{is.find("y"), 0}, Edge{0, 0}, Edge{0, kControl}));
  EXPECT_EQ(is.find("absent"), kNoNode);
}

TEST(WrittenGraph, TakesAnyOrder) {
  const auto was = graph_text::graph_of(kWas);
  const WrittenGraph is = written(*was, "z = Add:f32 y x ^x\ny = Relu:f32 x\nx = Placeholder f32[2]\n");
  EXPECT_EQ(is.node_count(), 3u);
  for (const char* name : {"x", "y", "z"}) EXPECT_EQ(is.name(is.find(name)), name);
}

TEST(WrittenGraph, RefusesWhatTensorFlowWould) {
  const auto was = graph_text::graph_of(kWas);
  const std::pair<std::string, const char*> cases[] = {
      {kWas + "y = Relu:f32 x\n", "two nodes are called 'y'"},
      {kWas + "n = NoOp\nn = NoOp\n", "two nodes are called 'n'"},
      {"y = Elu:f32 x\n" + kWas, "two nodes are called 'y'"},
      {kWas + "n = Neg:f32 q\n", "node 'n' takes what is not in the written graph"},
  };
  for (const auto& [text, message] : cases) {
    const std::string& written_text = text;
    const auto read = [&] { written(*was, written_text); };
    EXPECT_THAT(read, testing::Throws<Error>(testing::Property(&Error::problem, testing::HasSubstr(message))))
        << text;
  }
}

}  // namespace
}  // namespace thaw::internal
