// The way there and back: a frozen file, thawed and frozen again, is the file that it was.
#include "model/origin.h"

#include <gmock/gmock.h>

#include "draft/draft.h"
#include "model/library.h"
#include "model/model.h"
#include "passes/nested_calls.h"
#include "support/loop_text.h"
#include "support/node_lines.h"
#include "support/throws_error.h"
#include "thaw/freeze.h"
#include "verbs/world.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct RoundTrip : World {
  void run(const SourcePtr& source, const ThawOptions& options = {}) {
    thaw(options, source);
    report = freeze_model("out/model.ckpt", "again.pb", {}, destination);
  }
  Model again() const { return open_model(memory_source(files().at("again.pb"), "again.pb")); }

  FreezeReport report;
};

// Functions as the bytes of their definitions, sorted.
std::vector<std::string> functions_of(const Graph& graph) {
  std::vector<std::string> definitions;
  const Library library(graph);
  for (const FunctionDef& function : library.functions())
    definitions.push_back(encode_function(function).bytes());
  std::ranges::sort(definitions);
  return definitions;
}

void expect_same(const Graph& was, const Graph& is) {
  EXPECT_EQ(node_lines::lines_of(is), node_lines::lines_of(was));
  EXPECT_EQ(functions_of(is), functions_of(was));
  EXPECT_EQ(is.producer(), was.producer());
  EXPECT_EQ(Library(is).other().bytes(), Library(was).other().bytes());
  EXPECT_EQ(Library(is).graph_rest().bytes(), Library(was).graph_rest().bytes());
}

struct Way {
  const char* what;
  std::string text;
  ThawOptions options = {};
};

std::vector<Way> ways() {
  const ThawOptions cells = options_of([](ThawOptions& options) { options.expand_cells = true; });
  const ThawOptions ref = options_of([](ThawOptions& options) { options.style = VariableStyle::ref; });
  const std::string bare = "x = Placeholder f32[?,2]\nw = Const f32[2,3]\ny = MatMul:f32 x w\n";
  return {
      {"reads", kModel},
      {"no reads", bare},
      {"no reads, reference variables", bare, ref},
      {"a place and a device",
       "x = Placeholder f32[?,2]\nw = Const f32[2,3] @/device:GPU:0\n"
       "w/read = Identity:f32 w | _class=[loc:@w] @/device:GPU:0\ny = MatMul:f32 x w/read\n"},
      {"notes of shapes",
       "x = Placeholder f32[?,2]\nw = Const f32[2,3] | _output_shapes=[a]\n"
       "w/read = Identity:f32 w | _output_shapes=[a]\ny = MatMul:f32 x w/read\n"},
      {"one number that is repeated",
       "x = Placeholder f32[?,2]\nw = Const f32[2,3]\nw/read = Identity:f32 w\nb = Const f32[3] splat 0.5\n"
       "b/read = Identity:f32 b\nm = MatMul:f32 x w/read\ny = BiasAdd:f32 m b/read\n"},
      {"nodes that nothing takes", kModel + "lost = Const i32[2] = 1 2\nnothing = NoOp ^y ^lost\n"},
      {"a constant in a reference's slot",
       "x = Placeholder f32[2,3]\nw = Const f32[2,3]\ny = AssignAdd:f32 w x\n"},
      {"a loop", graph_text::loop_text()},
      {"a loop whose last value nobody takes",
       graph_text::loop_text("while/next = MatMul:f32 while/Identity_1 while/MatMul/Enter\n"
                             "while/side = Identity:f32 while/Identity_1\n")},
      {"a cond", graph_text::cond_text()},
      {"a weight in a function",
       "x = Placeholder f32[?,2]\ncall = PartitionedCall x | f=%inner Tin=[:f32] Tout=[:f32]\n"
       "out = Identity:f32 call\nfunction inner x:f32 -> y:f32\n  w = Const f32[2,2]\n"
       "  m = MatMul:f32 x w:output:0\n  return m:product:0\nend\n"},
      {"calls in calls",
       "x = Placeholder f32[?,2]\ncall = PartitionedCall x | f=%outer Tin=[:f32] Tout=[:f32]\n"
       "out = Identity:f32 call\nfunction outer x:f32 -> y:f32\n  w = Const f32[2,2]\n"
       "  m = MatMul:f32 x w:output:0\n  c = PartitionedCall m:product:0 | f=%inner Tin=[:f32] Tout=[:f32]\n"
       "  return c:output:0\nend\nfunction inner x:f32 -> y:f32\n  w = Const f32[2,2]\n"
       "  m = MatMul:f32 x w:output:0\n  t = Tanh:f32 m:product:0\n  return t:y:0\nend\n",
       cells},
      {"names that were found",
       "x = Placeholder f32[?,2]\nunknown_7 = Const f32[2,3]\n"
       "model/dense/MatMul/ReadVariableOp = Identity:f32 unknown_7\n"
       "model/dense/MatMul = MatMul:f32 x model/dense/MatMul/ReadVariableOp\n"},
  };
}

TEST(OriginRecord, LeadsBack) {
  for (const Way& way : ways()) {
    SCOPED_TRACE(way.what);
    RoundTrip trip;
    const SourcePtr source = model(way.text);
    trip.run(source, way.options);
    expect_same(*open_model(source).graph, *trip.again().graph);
    EXPECT_THAT(trip.report.warnings, IsEmpty());
  }
}

TEST(OriginRecord, KeepsGradientsOfALibraryWithoutFunctions) {
  std::string gradient, library, graph = graph_text::graph_bytes(kModel);
  MessageWriter(gradient).bytes(1, "f").bytes(2, "f_grad");
  MessageWriter(library).bytes(2, gradient);
  MessageWriter(graph).bytes(2, library);
  RoundTrip trip;
  const SourcePtr source = memory_source(graph, "model");
  trip.run(source);
  EXPECT_EQ(Library(*trip.again().graph).other().bytes(), library);
  expect_same(*open_model(source).graph, *trip.again().graph);
}

TEST(OriginRecord, TrainedValuesStandInTheOldPlaces) {
  RoundTrip trip;
  const std::string text =
      "x = Placeholder f32[?,2]\ncall = PartitionedCall x | f=%inner Tin=[:f32] Tout=[:f32]\n"
      "out = Identity:f32 call\nfunction inner x:f32 -> y:f32\n  w = Const f32[2,2]\n"
      "  m = MatMul:f32 x w:output:0\n  return m:product:0\nend\n";
  trip.run(model(text));
  const std::string before = trip.value("inner/w");
  // Another model of the same names is what training leaves: its checkpoint beside the first one's graph.
  RoundTrip other;
  std::string changed = text;
  changed.replace(changed.find("w = Const f32[2,2]"), 18, "w = Const f32[2,2] = 1.5 -2 0.25 9");
  other.thaw(options_of([](ThawOptions& options) { options.thaw = {"inner/w"}; }), model(changed));
  for (const char* suffix : {".index", ".data-00000-of-00001"})
    trip.files()["out/model.ckpt" + std::string(suffix)] =
        other.files()["out/model.ckpt" + std::string(suffix)];
  freeze_model("out/model.ckpt", "trained.pb", {}, trip.destination);
  const Model trained = open_model(memory_source(trip.files().at("trained.pb"), "trained.pb"));
  const FunctionDef function = Library(*trained.graph).functions().at(0);
  const NodeAttr* value = function.nodes.at(0).node.find_attr("value");
  ASSERT_NE(value, nullptr);
  const std::string encoded = value->value.bytes();
  EXPECT_EQ(read_tensor(view_attr(encoded).payload).value.bytes(), other.value("inner/w"));
  EXPECT_NE(before, other.value("inner/w"));
}

TEST(OriginRecord, NamesThatWereAskedForStay) {
  RoundTrip trip;
  trip.run(model(), options_of([](ThawOptions& options) { options.rename = {"w=kernel"}; }));
  const Model again = trip.again();
  EXPECT_NE(again.graph->find("kernel"), kNoNode);
  EXPECT_EQ(again.graph->find("w"), kNoNode);
}

// What was asked for stays as it was asked for: devices, inputs, outputs.
TEST(OriginRecord, WishesStay) {
  RoundTrip trip;
  trip.run(model("x = Placeholder f32[?,2] @/device:GPU:0\nw = Const f32[2,3]\nw/read = Identity:f32 w\n"
                 "y = MatMul:f32 x w/read\nz = Tanh:f32 y\n"),
           options_of([](ThawOptions& options) {
             options.clear_devices = true;
             options.inputs = {"x:0[5,2]"};
             options.outputs = {"y"};
             options.prune = true;
           }));
  EXPECT_EQ(node_lines::lines_of(*trip.again().graph),
            node_lines::lines_of(*graph_text::graph_of(
                "x = Placeholder f32[5,2]\nw = Const f32[2,3]\nw/read = Identity:f32 w\n"
                "y = MatMul:f32 x w/read\n")));
}

Envelope envelope_of(const RoundTrip& trip) {
  return open_model(memory_source(trip.files().at("out/model.ckpt.meta"), "m")).envelope;
}

Envelope with_origin(const std::string& message) {
  std::string list, kind;
  MessageWriter(list).bytes(1, as_text(message));
  MessageWriter(kind).bytes(2, list);
  Envelope envelope;
  envelope.collections.push_back({std::string(kOriginCollection), kind});
  return envelope;
}

TEST(OriginRecord, IsReadAsItWasWritten) {
  for (const Way& way : ways()) {
    SCOPED_TRACE(way.what);
    RoundTrip trip;
    trip.thaw(way.options, model(way.text));
    const std::optional<OriginRecord> origin = read_origin(envelope_of(trip));
    ASSERT_TRUE(origin);
    const std::string message = encode_origin(*origin).bytes();
    const std::optional<OriginRecord> again = read_origin(with_origin(message));
    ASSERT_TRUE(again);
    EXPECT_EQ(encode_origin(*again).bytes(), message);
    for (std::size_t size = 0; size < message.size(); ++size) {
      try {
        read_origin(with_origin(message.substr(0, size)));
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::malformed) << size;
      }
    }
  }
}

TEST(OriginRecord, OfALaterFormIsNone) {
  std::string later;
  MessageWriter(later).varint(1, 2).bytes(2, "y");
  EXPECT_FALSE(read_origin(with_origin(later)));
  EXPECT_FALSE(read_origin(Envelope{}));
}

// What somebody else wrote into it brings in neither nodes nor functions.
TEST(OriginRecord, HoldsNodesInTheirPlaceOnly) {
  std::string message, node, beside;
  MessageWriter(node).bytes(1, "stranger").bytes(2, "NoOp");
  MessageWriter(beside).bytes(1, node).bytes(2, "").bytes(4, "\x08\x07");
  MessageWriter(message).varint(1, 1).bytes(5, beside).bytes(6, beside);
  const OriginRecord origin = read_origin(with_origin(message)).value();
  EXPECT_EQ(origin.beside_nodes, std::string("\x22\x02\x08\x07", 4));
  EXPECT_EQ(origin.beside_functions, std::string("\x12\x00\x22\x02\x08\x07", 6));
}

// A graph that was edited after thawing is frozen by rule, and it is said.
TEST(OriginRecord, IsLeftAloneInAnEditedGraph) {
  RoundTrip trip;
  trip.thaw({}, model("x = Placeholder f32[?,2]\nw = Const f32[2,3]\ny = MatMul:f32 x w\nz = Tanh:f32 y\n"));
  const std::string meta = trip.files().at("out/model.ckpt.meta");
  const Model thawed = open_model(memory_source(meta, "m"));
  Draft draft(thawed.graph);
  NodeDef edited = draft.node_def(draft.find("y"));
  edited.op = "BatchMatMul";
  draft.replace(draft.find("y"), edited, {"", "y", ""});
  std::string changed;
  MessageWriter writer(changed);
  writer.bytes(2, draft.emit().bytes());
  for (const NamedMessage& collection : thawed.envelope.collections) {
    std::string entry;
    MessageWriter(entry).bytes(1, collection.name).bytes(2, collection.message);
    writer.bytes(4, entry);
  }
  trip.files()["out/model.ckpt.meta"] = changed;
  FreezeOptions options;
  options.outputs = {"z"};
  const FreezeReport report = freeze_model("out/model.ckpt", "again.pb", options, trip.destination);
  EXPECT_THAT(report.warnings, testing::Contains(HasSubstr("'y'")));
  EXPECT_NE(trip.again().graph->find("w/read"), kNoNode);
}

}  // namespace
}  // namespace thaw::internal
