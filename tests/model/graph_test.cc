#include "model/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/graph_text.h"
#include "support/hostile_bytes.h"
#include "support/node_lines.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;
using graph_text::graph_bytes;
using graph_text::graph_of;
using graph_text::read_graph;

const std::string kSmall = R"(
  x = Placeholder f32[?,4]
  w = Const f32[4,8] ^x
  w/read = Identity:f32 w | _class=[loc:@w]
  y = MatMul:f32 x w/read | transpose_b=false @/device:CPU:0
  s = Split:f32 axis y | num_split=2
  axis = Const i32[] = 1
  out = Add:f32 s:1 s:0 ^y ^w
)";

std::string edges(std::span<const Edge> list) {
  std::string text;
  for (const Edge& edge : list) {
    text += std::to_string(edge.node) + ":" + (edge.is_control() ? "^" : std::to_string(edge.port)) + " ";
  }
  return text;
}

TEST(Graph, AnswersQuestionsAboutItsNodes) {
  const auto graph = graph_of(kSmall);
  ASSERT_EQ(graph->node_count(), 7u);
  const NodeId y = graph->find("y");
  EXPECT_EQ(y, 3u);
  EXPECT_EQ(graph->name(y), "y");
  EXPECT_EQ(graph->op(y), "MatMul");
  EXPECT_EQ(graph->device(y), "/device:CPU:0");
  EXPECT_EQ(graph->device(0), "");
  EXPECT_EQ(graph->type_attr(y, "T"), DType::float32);
  EXPECT_EQ(graph->type_attr(y, "transpose_b"), std::nullopt);
  EXPECT_EQ(graph->attr(y, "absent"), std::nullopt);
  EXPECT_EQ(graph->find("absent"), kNoNode);
  EXPECT_EQ(graph->find(""), kNoNode);
  EXPECT_EQ(graph->tensor_head(1, "value")->shape, Shape({4, 8}));
  EXPECT_EQ(graph->tensor_head(y, "T"), std::nullopt);
  EXPECT_THAT([&] { graph->tensor(y, "value"); }, throws_error(ErrorKind::malformed, "node 'y'"));
}

TEST(Graph, KnowsEdgesBothWays) {
  const auto graph = graph_of(kSmall);
  EXPECT_EQ(edges(graph->inputs(graph->find("out"))), "4:1 4:0 3:^ 1:^ ");
  EXPECT_EQ(edges(graph->inputs(graph->find("w"))), "0:^ ");
  EXPECT_EQ(edges(graph->inputs(graph->find("x"))), "");
  EXPECT_EQ(edges(graph->consumers(graph->find("w"))), "2:0 6:^ ");
  EXPECT_EQ(edges(graph->consumers(graph->find("s"))), "6:0 6:1 ");
  EXPECT_EQ(edges(graph->consumers(graph->find("y"))), "4:1 6:^ ");
  EXPECT_EQ(edges(graph->consumers(graph->find("out"))), "");
}

TEST(Graph, LeavesLargeTensorsInTheSource) {
  const std::string text = "before = NoOp\nw = Const f32[16,16]\nsmall = Const f32[4]\n";
  const auto graph = graph_of(text);
  const NodeId w = graph->find("w");
  EXPECT_TRUE(graph->has_large_tensor(w));
  EXPECT_FALSE(graph->has_large_tensor(graph->find("small")));
  EXPECT_EQ(graph->whole_attr(w, "value")->bytes(), graph->node_def(w).find_attr("value")->value.bytes());
  EXPECT_EQ(graph->whole_attr(w, "absent").has_value(), false);
  EXPECT_LT(graph->skeleton_bytes(), 300u);
  EXPECT_EQ(graph->tensor_head(w, "value")->shape, Shape({16, 16}));
  std::string numbers;
  for (int i = 0; i < 256; ++i) numbers += graph_text::element(DType::float32, graph_text::learned("w", i));
  EXPECT_TRUE(graph->tensor(w, "value").value.bytes() == numbers);
  std::string again;
  for (NodeId id = 0; id < graph->node_count(); ++id) again += encode_graph_node(graph->node_def(id)).bytes();
  EXPECT_TRUE(again == graph_bytes(text));
}

TEST(Graph, KeepsEveryFieldByteForByte) {
  std::string node;
  MessageWriter(node).bytes(2, "NoOp").bytes(6, "debug").bytes(1, "n").varint(300, 5).bytes(4, "d");
  std::string message;
  MessageWriter(message)
      .bytes(4, "\x08\x1b\x10\x0c")
      .bytes(1, node)
      .varint(3, 26)
      .bytes(2, "")
      .bytes(5, "debug info")
      .varint(77, 1);
  const auto graph = read_graph(memory_source(message));
  EXPECT_EQ(graph->producer(), 27);
  EXPECT_FALSE(graph->has_library());
  std::string field;
  MessageWriter(field).bytes(1, node);
  EXPECT_EQ(message.substr(graph->field(0).at, graph->field(0).size), field);
  std::string rest = message;
  rest.erase(graph->field(0).at, graph->field(0).size);
  EXPECT_EQ(graph->rest().bytes(), rest);
  EXPECT_EQ(graph->node_def(0).unknown,
            "\x32\x05"
            "debug\xe0\x12\x05");
}

std::string field(const std::string& node) {
  std::string out;
  MessageWriter(out).bytes(1, node);
  return out;
}

std::string entry(const std::string& key, const std::string& value) {
  std::string out, attr;
  MessageWriter(out).bytes(1, key).bytes(2, value);
  MessageWriter(attr).bytes(5, out);
  return attr;
}

std::string named(const std::string& name, const std::string& op) {
  std::string node;
  MessageWriter(node).bytes(1, name).bytes(2, op);
  return node;
}

std::string large(char fill) {
  std::string tensor;
  MessageWriter(tensor).varint(1, 4).bytes(2, "\x12\x03\x08\xac\x02"s).bytes(4, std::string(300, fill));
  return attr_of_tensor(tensor);
}

TEST(Graph, TakesTheLastOfEqualAttributes) {
  struct Case {
    const char* what;
    std::string attrs;
    std::string first_byte;
  };
  const std::string small = attr_of_tensor("\x08\x04\x12\x00\x3a\x01s"s);
  const Case cases[] = {{"large over large", entry("value", large('a')) + entry("value", large('b')), "b"},
                        {"large over small", entry("value", small) + entry("value", large('b')), "b"},
                        {"small over large", entry("value", large('a')) + entry("value", small), "s"},
                        {"large alone", entry("value", large('a')), "a"}};
  for (const Case& one : cases) {
    const auto graph = read_graph(memory_source(field(named("c", "Const") + one.attrs)));
    EXPECT_EQ(graph->tensor(0, "value").value.bytes().substr(0, 1), one.first_byte) << one.what;
    const auto again = read_graph(memory_source(encode_graph_node(graph->node_def(0)).bytes()));
    EXPECT_EQ(again->tensor(0, "value").value.bytes().substr(0, 1), one.first_byte) << one.what;
  }
}

// The first thing such a file makes the arena keep is nothing at all.
TEST(Graph, TakesALargeAttributeWithoutAKey) {
  const auto graph = read_graph(memory_source(field(named("c", "Const") + entry("", large('a')))));
  EXPECT_EQ(graph->tensor(0, "").value.bytes(), std::string(300, 'a'));
}

struct Refused {
  const char* what;
  std::string bytes;
  std::string message;
};

class RefusedGraphs : public testing::TestWithParam<Refused> {};

TEST_P(RefusedGraphs, SayWhichNodeAndWhy) {
  const SourcePtr source = exact_source(GetParam().bytes);
  EXPECT_THAT([&] { read_graph(source); }, throws_error(ErrorKind::malformed, GetParam().message));
}

const std::string kAOp = field(named("a", "NoOp"));

INSTANTIATE_TEST_SUITE_P(
    Graph, RefusedGraphs,
    testing::Values(
        Refused{"TwiceTheName", kAOp + field(named("b", "NoOp")) + kAOp, "two nodes are called 'a'"},
        Refused{"NoName", kAOp + field("\x12\x04NoOp"), "node number 1 at byte 11 has no name"},
        Refused{"EmptyName", field(named("", "NoOp")), "has no name"},
        Refused{"NoOp",
                field("\x0a\x01"
                      "a"),
                "has no op"},
        Refused{"NothingAtAll", field(""), "node number 0 at byte 0 has no name"},
        Refused{"UnknownInput", graph_bytes("a = Add b:1 a"),
                "node 'a': takes 'b:1', which is not in the graph"},
        Refused{"UnknownControl", graph_bytes("a = NoOp ^b"), "takes '^b'"},
        Refused{"EmptyInput", field(named("a", "Add") + "\x1a\x00"s), "takes ''"},
        Refused{"BadOutput", graph_bytes("a = NoOp\nb = Add a:x"), "node 'b': an input called 'a:x'"},
        Refused{"ControlBeforeData", graph_bytes("a = NoOp\nb = Identity ^a a"), "node 'b'"},
        Refused{"TwoLargeValues", field(named("c", "Const") + entry("value", large('a') + large('b'))),
                "attribute 'value' has several"},
        Refused{"BrokenAttribute", field(named("c", "Const") + entry("value", large('a')).substr(0, 200)),
                "node 'c': a field of 325 bytes"},
        Refused{"BrokenNode",
                field("\x0a\x05"
                      "ab"),
                "node number 0"},
        Refused{"CutInANode", field(named("abc", "NoOp")).substr(0, 8), "passes the end"}),
    [](const auto& tested) { return tested.param.what; });

TEST(Graph, FindsEveryNodeOfManyByName) {
  std::string message;
  for (int i = 0; i < 5000; ++i) message += field(named("node_" + std::to_string(i * 7919), "NoOp"));
  const auto graph = read_graph(memory_source(message));
  for (NodeId id = 0; id < graph->node_count(); ++id) ASSERT_EQ(graph->find(graph->name(id)), id);
  EXPECT_EQ(graph->find("node_1"), kNoNode);
}

TEST(Graph, EveryBeginningIsReadOrRefused) {
  const std::string whole =
      graph_bytes(kSmall + "large = Const f32[70]\nz = Const f32[99] splat 1\n") + "\x22\x02\x08\x1b";
  EXPECT_EQ(sweep_beginnings(whole,
                             [](const SourcePtr& source) {
                               const auto graph = read_graph(source);
                               for (NodeId id = 0; id < graph->node_count(); ++id) {
                                 graph->node_def(id);
                                 if (graph->op(id) == "Const") graph->tensor(id, "value").value.bytes();
                               }
                             }),
            "");
}

}  // namespace
}  // namespace thaw::internal
