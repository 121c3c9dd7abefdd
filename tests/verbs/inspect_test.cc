#include "thaw/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"
#include "verbs/scope_tree.h"
#include "verbs/world.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const std::string kNet = R"(
  x = Placeholder f32[?,2]
  idle = Placeholder f32[]
  net/w = Const f32[2,3]
  net/w/read = Identity:f32 net/w
  net/y = MatMul:f32 x net/w/read
  c = Const f32[3] = 0.5 0.5 0.5
  out = Mul:f32 net/y c
)";

const std::string kCalls = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,2]
  call = StatefulPartitionedCall x w | f=%f Tin=[:f32,:f32] Tout=[:f32]

  function f a:f32 b:f32 -> y:f32
    m = MatMul:f32 a b
    k = Const f32[2,2]
    n = MatMul:f32 m:product:0 k:output:0
    return n:product:0
  end

  function unused a:f32 -> y:f32
    r = Relu:f32 a
    return r:activations:0
  end
)";

struct InspectDesk : World {
  explicit InspectDesk(const std::string& graph) { files()["m.pb"] = graph_text::graph_bytes(graph); }
  InspectReport look(const std::string& path = "m.pb", const InspectOptions& options = {}) const {
    return inspect(path, options, destination);
  }
  InspectedGraph graph(const InspectOptions& options = {}) const {
    return look("m.pb", options).graphs.at(0);
  }
};

std::vector<std::string> names_of(const std::vector<InspectedWeight>& weights) {
  std::vector<std::string> names;
  for (const InspectedWeight& weight : weights) names.push_back(weight.name);
  return names;
}

InspectOptions matching(const std::string& pattern) {
  InspectOptions options;
  options.match = {pattern};
  return options;
}

TEST(Inspect, CountsNodesOperationsAndWeights) {
  const InspectReport report = InspectDesk(kNet).look();
  EXPECT_EQ(report.format, "frozen GraphDef");
  EXPECT_EQ(report.bytes, graph_text::graph_bytes(kNet).size());
  const InspectedGraph& graph = report.graphs.at(0);
  EXPECT_EQ(graph.nodes, 7u);
  EXPECT_EQ(graph.trainable.tensors, 1u);
  EXPECT_EQ(graph.trainable.numbers, 6u);
  EXPECT_EQ(graph.trainable.bytes, 24u);
  EXPECT_EQ(graph.constants.numbers, 9u);
  EXPECT_EQ(graph.kept_count, 1u);
  EXPECT_THAT(names_of(graph.weights), ElementsAreArray({"net/w"}));
  EXPECT_EQ(graph.training.reached, 1u);
  EXPECT_FALSE(graph.refusal);
  EXPECT_FALSE(report.checkpoint);
}

TEST(Inspect, SaysWhyInputsAndOutputsAreSome) {
  const InspectedGraph graph = InspectDesk(kNet).graph();
  ASSERT_EQ(graph.inputs.size(), 2u);
  EXPECT_EQ(graph.inputs[0].name, "x:0");
  EXPECT_EQ(graph.inputs[0].why, "Placeholder");
  EXPECT_EQ(graph.inputs[1].why, "Placeholder, taken by nothing");
  ASSERT_EQ(graph.outputs.size(), 1u);
  EXPECT_EQ(graph.outputs[0].name, "out:0");
  EXPECT_EQ(graph.outputs[0].shape, Shape({-1, 3}));
  EXPECT_EQ(graph.outputs[0].why, "no other node takes it");
}

TEST(Inspect, CountsNodesOfFunctionsApart) {
  const InspectedGraph graph = InspectDesk(kCalls).graph();
  EXPECT_EQ(graph.nodes, 3u);
  EXPECT_EQ(graph.functions, 2u);
  EXPECT_EQ(graph.function_nodes, 4u);
  for (const InspectedOp& op : graph.ops) {
    EXPECT_EQ(op.nodes, op.op == "MatMul" || op.op == "Relu" ? 0u : 1u) << op.op;
    EXPECT_EQ(op.nodes_of_functions, op.op == "MatMul" ? 2u : op.op == "Const" || op.op == "Relu" ? 1u : 0u);
  }
}

TEST(Inspect, FollowsGradientsIntoCalls) {
  const InspectedGraph graph = InspectDesk(kCalls).graph();
  ASSERT_EQ(graph.weights.size(), 2u);
  EXPECT_EQ(graph.training.trainable, 2u);
  EXPECT_EQ(graph.training.reached, 2u);
  EXPECT_THAT(graph.training.blocked, IsEmpty());
  const auto inner =
      std::ranges::find_if(graph.weights, [](const InspectedWeight& w) { return w.place.has_value(); });
  ASSERT_NE(inner, graph.weights.end());
  EXPECT_EQ(inner->place->function, "f");
  EXPECT_EQ(inner->place->node, "k");
}

TEST(Inspect, NamesWhatBlocksGradients) {
  const InspectedGraph graph = InspectDesk(R"(
    x = Placeholder f32[?,2]
    w = Const f32[2,2]
    w/read = Identity:f32 w
    y = MatMul:f32 x w/read
    cell = GRUBlockCell:f32 x y y y y y
    out = Relu:f32 cell
  )")
                                   .graph();
  EXPECT_EQ(graph.training.reached, 0u);
  ASSERT_EQ(graph.training.blocked.size(), 1u);
  EXPECT_EQ(graph.training.blocked[0].op, "GRUBlockCell");
  EXPECT_EQ(graph.training.blocked[0].node, "cell");
}

TEST(Inspect, ShowsWhatThawingRefuses) {
  const InspectedGraph graph = InspectDesk("x = Placeholder f32[?,2]\n out = Relu:f32 x").graph();
  ASSERT_TRUE(graph.refusal);
  EXPECT_THAT(graph.refusal->problem, HasSubstr("no weights"));
  EXPECT_EQ(graph.nodes, 2u);
  EXPECT_THAT(graph.weights, IsEmpty());
}

TEST(Inspect, ShowsVariablesWithoutTheirCheckpoint) {
  const InspectedGraph graph = InspectDesk(R"(
    x = Placeholder f32[?,2]
    w = VariableV2 | dtype=:f32 shape=(2,3)
    w/read = Identity:f32 w
    w/Adam = VariableV2 | dtype=:f32 shape=(2,3)
    out = MatMul:f32 x w/read
  )")
                                   .graph();
  ASSERT_THAT(names_of(graph.weights), ElementsAreArray({"w", "w/Adam"}));
  EXPECT_FALSE(graph.weights[0].frozen);
  EXPECT_FALSE(graph.weights[0].has_value);
  EXPECT_EQ(graph.weights[0].role, Role::trainable);
  EXPECT_EQ(graph.weights[1].role, Role::state);
  EXPECT_EQ(graph.trainable.numbers, 6u);
}

TEST(Inspect, ReadsWhatThawingWrote) {
  const InspectDesk desk(kNet);
  desk.thaw({}, model(kNet));
  for (const std::string path : {"out/model.ckpt", "out/model.ckpt.meta", "out/model.ckpt.index", "out"}) {
    InspectOptions options;
    options.statistics = true;
    const InspectReport report = desk.look(path, options);
    ASSERT_EQ(report.graphs.size(), 1u) << path;
    ASSERT_TRUE(report.checkpoint) << path;
    EXPECT_EQ(report.checkpoint->total.numbers, 6u);
    ASSERT_THAT(names_of(report.graphs[0].weights), ElementsAreArray({"net/w"})) << path;
    const InspectedWeight& weight = report.graphs[0].weights[0];
    EXPECT_TRUE(weight.has_value && !weight.frozen);
    ASSERT_TRUE(weight.statistics && report.checkpoint->entries.at(0).statistics);
    EXPECT_EQ(weight.statistics->numbers, 6u);
    EXPECT_EQ(weight.statistics->mean, report.checkpoint->entries[0].statistics->mean);
  }
}

TEST(Inspect, ListsWhatMatches) {
  const InspectedGraph graph = InspectDesk(kNet).graph(matching("net"));
  EXPECT_THAT(names_of(graph.weights), ElementsAreArray({"net/w"}));
  EXPECT_THAT(graph.inputs, IsEmpty());
  EXPECT_EQ(graph.ops.size(), 3u);  // Const, Identity, MatMul
  EXPECT_EQ(graph.nodes, 7u);
  EXPECT_EQ(graph.constants.numbers, 9u);
}

TEST(Inspect, TellsOfPatternsThatMatchNothing) {
  InspectOptions options;
  options.match = {"net", "nett/w"};
  const InspectReport report = InspectDesk(kNet).look("m.pb", options);
  ASSERT_EQ(report.unmatched.size(), 1u);
  EXPECT_EQ(report.unmatched[0].kind(), ErrorKind::usage);
  EXPECT_THAT(report.unmatched[0].hint(), HasSubstr("'net/w'"));
  EXPECT_THAT([] { InspectDesk(kNet).look("m.pb", matching("(")); },
              throws_error(ErrorKind::usage, "--match"));
}

TEST(Inspect, ReadsStatisticsOfFrozenWeights) {
  InspectOptions options;
  options.statistics = true;
  std::uint64_t last = 0, total = 0;
  options.progress = [&](std::uint64_t done, std::uint64_t all) { last = done, total = all; };
  const InspectedGraph graph = InspectDesk(
                                   "x = Placeholder f32[?,2]\n w = Const f32[2,2] = 0 -1.5 2.5 1\n"
                                   " w/read = Identity:f32 w\n y = MatMul:f32 x w/read")
                                   .graph(options);
  ASSERT_TRUE(graph.weights.at(0).statistics);
  EXPECT_EQ(graph.weights[0].statistics->min, -1.5);
  EXPECT_EQ(graph.weights[0].statistics->max, 2.5);
  EXPECT_EQ(graph.weights[0].statistics->mean, 0.5);
  EXPECT_EQ(graph.weights[0].statistics->zeros, 1u);
  EXPECT_EQ(last, 16u);
  EXPECT_EQ(total, 16u);
  options.stop = [] { return true; };
  EXPECT_THAT([&] { InspectDesk(kNet).look("m.pb", options); }, throws_error(ErrorKind::interrupted, ""));
}

TEST(Inspect, RefusesTagsWhereThereAreNone) {
  const InspectDesk desk(kNet);
  desk.thaw({}, model(kNet));
  desk.files().erase("out/model.ckpt.meta");
  InspectOptions options;
  options.tag_set = "serve";
  EXPECT_THAT([&] { desk.look("out/model.ckpt", options); }, throws_error(ErrorKind::usage, "--tag-set"));
  EXPECT_THAT([&] { desk.look("m.pb", options); }, throws_error(ErrorKind::usage, "tags"));
}

// Whatever is cut off: a report or an error that says what is wrong, never more.
TEST(Inspect, AnswersEveryTruncation) {
  const std::string whole = graph_text::graph_bytes(kCalls);
  const InspectDesk desk(kCalls);
  std::size_t answered = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    desk.files()["m.pb"] = whole.substr(0, size);
    try {
      answered += desk.look().graphs.size();
    } catch (const Error& error) {
      EXPECT_NE(error.kind(), ErrorKind::bug) << size << ": " << error.what();
    }
  }
  EXPECT_GT(answered, 0u);
}

TEST(ScopeTree, CountsWhatLiesBelow) {
  ScopeTree tree(2);
  for (const char* name : {"a/b/c/d", "a/b", "a/x", "top"}) tree.add_node(name);
  tree.add_weight("a/b/c/d", 6, 24);
  tree.add_weight("top", 1, 4);
  std::vector<std::pair<std::string, std::size_t>> nodes;
  for (const InspectedScope& scope : tree.finish()) {
    nodes.emplace_back(scope.name, scope.nodes);
    EXPECT_EQ(scope.parameters, scope.name == "." ? 7u : 6u) << scope.name;
  }
  EXPECT_THAT(nodes, ElementsAre(Pair(".", 4), Pair("a", 3), Pair("a/b", 1)));
}

TEST(ScopeTree, GoesAllTheWayWhenDepthIsZero) {
  ScopeTree tree(0);
  tree.add_node("a/b/c/d/e");
  EXPECT_EQ(tree.finish().back().name, "a/b/c/d");
}

}  // namespace
}  // namespace thaw::internal
