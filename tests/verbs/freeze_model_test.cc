// Freezing from files to a file: what is written, what is refused, and what stands there afterwards.
#include <gmock/gmock.h>

#include "model/library.h"
#include "model/model.h"
#include "support/node_lines.h"
#include "support/throws_error.h"
#include "thaw/freeze.h"
#include "verbs/freeze_graph.h"
#include "verbs/world.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FreezeOptions freeze_options(const std::function<void(FreezeOptions&)>& set) {
  FreezeOptions options;
  set(options);
  return options;
}

struct FreezeWorld : World {
  FreezeWorld() { thaw(); }

  FreezeReport freeze(const FreezeOptions& options = {}, const std::string& input = "out/model.ckpt") const {
    return freeze_model(input, "again.pb", options, destination);
  }
  std::vector<std::string> nodes() const {
    return node_lines::lines_of(*open_model(memory_source(files().at("again.pb"), "again.pb")).graph);
  }
  // The same with another graph beside the checkpoint.
  void set_graph(const std::string& text) const {
    std::string meta;
    MessageWriter(meta).bytes(2, graph_text::graph_bytes(text));
    files()["out/model.ckpt.meta"] = meta;
  }
};

TEST(FreezeModel, GivesBackWhatWasThawed) {
  const FreezeWorld world;
  const FreezeReport report =
      world.freeze(freeze_options([](FreezeOptions& options) { options.outputs = {"out", "steps/read"}; }));
  EXPECT_EQ(world.nodes(), node_lines::lines_of(*graph_text::graph_of(kModel)));
  EXPECT_EQ(report.bytes, world.files().at("again.pb").size());
  EXPECT_THAT(report.warnings, IsEmpty());
}

TEST(FreezeModel, TakesTheOutputsOfTheSignature) {
  const FreezeWorld world;
  const FreezeReport report =
      world.freeze(freeze_options([](FreezeOptions& options) { options.signature = "serving_default"; }));
  EXPECT_EQ(report.signature, "serving_default");
  EXPECT_THAT(report.inputs, ElementsAre(testing::Field(&ReportedTensor::name, "x:0")));
  EXPECT_THAT(report.outputs, ElementsAre(testing::Field(&ReportedTensor::name, "out:0")));
}

TEST(FreezeModel, AnyFileOfTheCheckpointMeansIt) {
  for (const char* input : {"out/model.ckpt", "out/model.ckpt.index", "out/model.ckpt.meta", "out"}) {
    const FreezeWorld world;
    world.freeze(freeze_options([](FreezeOptions& options) { options.outputs = {"out"}; }), input);
    EXPECT_EQ(world.nodes().size(), 6u) << input;
  }
}

TEST(FreezeModel, OutputsDecideWhatStays) {
  const FreezeWorld world;
  const FreezeReport report =
      world.freeze(freeze_options([](FreezeOptions& options) { options.outputs = {"y:0"}; }));
  EXPECT_EQ(report.nodes, 4u);
  EXPECT_THAT(report.variables, ElementsAre(testing::Field(&ReportedFrozen::name, "w")));
  EXPECT_THAT(report.signature, IsEmpty());
}

TEST(FreezeModel, VariablesMayStay) {
  const FreezeWorld world;
  const FreezeReport report =
      world.freeze(freeze_options([](FreezeOptions& options) { options.keep_variables = {"w"}; }));
  EXPECT_THAT(report.state, ElementsAre(testing::Field(&ReportedState::name, "w")));
  EXPECT_THAT(world.nodes(), testing::Contains(testing::StartsWith("w = VarHandleOp")));
  EXPECT_THAT(world.nodes(), testing::Contains(testing::StartsWith("w/read = ReadVariableOp")));
}

TEST(FreezeModel, ADryRunWritesNothing) {
  const FreezeWorld world;
  const std::size_t before = world.files().size();
  const FreezeReport dry =
      world.freeze(freeze_options([](FreezeOptions& options) { options.dry_run = true; }));
  EXPECT_EQ(world.files().size(), before);
  EXPECT_EQ(dry.bytes, world.freeze().bytes);
}

TEST(FreezeModel, ReplacesOnlyByForce) {
  const FreezeWorld world;
  world.files()["again.pb"] = "old";
  EXPECT_THAT([&] { world.freeze(); }, throws_error(ErrorKind::output_exists, "again.pb"));
  EXPECT_EQ(world.files().at("again.pb"), "old");
  world.freeze(freeze_options([](FreezeOptions& options) { options.force = true; }));
  EXPECT_NE(world.files().at("again.pb"), "old");
}

TEST(FreezeModel, VerifiesWhatItWrote) {
  const FreezeWorld world;
  EXPECT_TRUE(
      world.freeze(freeze_options([](FreezeOptions& options) { options.verify = true; })).values_verified);
}

struct Refusal {
  const char* what;
  std::function<void(const FreezeWorld&)> change;
  ErrorKind kind;
  const char* message;
};

TEST(FreezeModel, Refuses) {
  const std::string variable = "v = VarHandleOp | dtype=:f32 shape=(2,3) shared_name=v\n";
  const auto graph = [](std::string text) {
    return [text](const FreezeWorld& world) { world.set_graph(text); };
  };
  const Refusal cases[] = {
      {"no graph", [](const FreezeWorld& world) { world.files().erase("out/model.ckpt.meta"); },
       ErrorKind::input_io, "a checkpoint without its graph (expected 'out/model.ckpt.meta' beside it)"},
      {"no data", [](const FreezeWorld& world) { world.files().erase("out/model.ckpt.data-00000-of-00001"); },
       ErrorKind::input_io, "out/model.ckpt.data-00000-of-00001"},
      {"broken data",
       [](const FreezeWorld& world) { world.files().at("out/model.ckpt.data-00000-of-00001").back() ^= 1; },
       ErrorKind::malformed, "checksum"},
      {"short data",
       [](const FreezeWorld& world) { world.files().at("out/model.ckpt.data-00000-of-00001").pop_back(); },
       ErrorKind::malformed, "out/model.ckpt"},
      {"no signature", graph("w = VarHandleOp | dtype=:f32 shape=(2,3)\n"), ErrorKind::usage,
       "has no signature that says what its outputs are"},
  };
  for (const Refusal& one : cases) {
    SCOPED_TRACE(one.what);
    const FreezeWorld world;
    one.change(world);
    EXPECT_THAT([&] { world.freeze(); }, throws_error(one.kind, one.message));
    EXPECT_FALSE(world.files().contains("again.pb"));
    for (const auto& [path, content] : world.files())
      EXPECT_EQ(path.string().find("thaw-"), std::string::npos) << path;
  }
}

TEST(FreezeModel, RefusesGraphsThatDoNotFitTheirValues) {
  const Refusal cases[] = {
      {"another shape",
       [](const FreezeWorld& world) {
         world.set_graph("w = VarHandleOp | dtype=:f32 shape=(3,2)\ny = ReadVariableOp w | dtype=:f32\n");
       },
       ErrorKind::malformed, "holds float32 [2,3] for variable 'w'"},
      {"another type",
       [](const FreezeWorld& world) {
         world.set_graph("w = VarHandleOp | dtype=:i32 shape=(2,3)\ny = ReadVariableOp w | dtype=:i32\n");
       },
       ErrorKind::malformed, "holds float32 [2,3] for variable 'w'"},
      {"no value",
       [](const FreezeWorld& world) {
         world.set_graph("q = VarHandleOp | dtype=:f32 shape=(2,3)\ny = ReadVariableOp q | dtype=:f32\n");
       },
       ErrorKind::missing_values, "has no value for variable 'q'"},
      {"an assignment",
       [](const FreezeWorld& world) {
         world.set_graph(
             "w = VarHandleOp | dtype=:f32 shape=(2,3)\nr = ReadVariableOp w | dtype=:f32\n"
             "a = AssignVariableOp w r | dtype=:f32\ny = Identity:f32 r ^a\n");
       },
       ErrorKind::unsupported, "node 'a' (AssignVariableOp) changes variable 'w'"},
      {"no such output", [](const FreezeWorld& world) { world.set_graph("yy = NoOp\n"); }, ErrorKind::usage,
       "--outputs"},
  };
  for (const Refusal& one : cases) {
    SCOPED_TRACE(one.what);
    const FreezeWorld world;
    one.change(world);
    const auto run = [&] {
      world.freeze(freeze_options([](FreezeOptions& options) { options.outputs = {"y"}; }));
    };
    EXPECT_THAT(run, throws_error(one.kind, one.message));
  }
}

// What no checkpoint has and the graph itself sets was left there by freezing before.
TEST(FreezeModel, LeftOverStateStays) {
  const FreezeWorld world;
  world.set_graph(R"(
    state = VarHandleOp | dtype=:f32 shape=(2,3) shared_name=state
    w = VarHandleOp | dtype=:f32 shape=(2,3) shared_name=w
    r = ReadVariableOp w | dtype=:f32
    a = AssignVariableOp state r | dtype=:f32
    y = ReadVariableOp state ^a | dtype=:f32
  )");
  const FreezeReport report =
      world.freeze(freeze_options([](FreezeOptions& options) { options.outputs = {"y"}; }));
  EXPECT_THAT(report.state,
              ElementsAre(testing::Field(&ReportedState::why, HasSubstr("node 'a' changes it"))));
  EXPECT_THAT(report.variables, ElementsAre(testing::Field(&ReportedFrozen::name, "w")));
  EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("1 variable stays one")));
}

TEST(FreezeModel, AMetaAloneHasNoValues) {
  const FreezeWorld world;
  for (const char* file : {"out/model.ckpt.index", "out/model.ckpt.data-00000-of-00001", "out/checkpoint"})
    world.files().erase(file);
  EXPECT_THAT([&] { world.freeze({}, "out/model.ckpt.meta"); },
              throws_error(ErrorKind::missing_values, "expected a checkpoint 'out/model.ckpt'"));
}

TEST(FreezeModel, AFrozenGraphIsNoCheckpoint) {
  const FreezeWorld world;
  world.files()["frozen.pb"] = graph_text::graph_bytes(kModel);
  EXPECT_THAT([&] { world.freeze({}, "frozen.pb"); },
              throws_error(ErrorKind::unsupported, "which has no checkpoint"));
}

TEST(FreezeModel, LikelyOutputsAreNamed) {
  const FreezeWorld world;
  world.set_graph(R"(
    x = Placeholder f32[?,2]
    w = VarHandleOp | dtype=:f32 shape=(2,3) shared_name=w
    r = ReadVariableOp w | dtype=:f32
    logits = MatMul:f32 x r
    classes = Softmax:f32 logits
    loss = SoftmaxCrossEntropyWithLogits:f32 logits logits
  )");
  try {
    world.freeze();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.hint(), "likely: --outputs 'classes'");
  }
}

// A checkpoint of one tensor that fills what TensorFlow can read.
class EndlessSet final : public StoredSet {
 public:
  explicit EndlessSet(std::int64_t rows) : rows_(rows) {
    entries_.push_back({"w", "w", DType::float32, Shape({rows, 1024}), 0});
  }
  std::vector<std::filesystem::path> files() const override { return {}; }
  Value value(Bytes) override {
    return Value::fill(DType::float32, Shape({rows_, 1024}), std::string(4, '\1'));
  }
  void check(Bytes) override {}

 private:
  std::int64_t rows_;
};

TEST(FreezeModel, WhatTensorFlowCannotReadIsRefusedBeforeItIsWritten) {
  const Model model{FileKind::meta_graph_def,
                    memory_source(""),
                    graph_text::graph_of(R"(
    w = VarHandleOp | dtype=:f32 shape=(?,1024) shared_name=w
    r = ReadVariableOp w | dtype=:f32
  )"),
                    {}};
  const FreezeOptions options = freeze_options([](FreezeOptions& wishes) { wishes.outputs = {"r"}; });
  const auto size_with = [&](std::int64_t rows) {
    Subject subject;
    subject.values = std::make_unique<EndlessSet>(rows);
    return write_frozen(freeze_graph(model, subject, options)).size();
  };
  EXPECT_GT(size_with(524'287), 0x7FFFF000u);
  EXPECT_THAT([&] { size_with(524'288); }, throws_error(ErrorKind::unsupported, "at most 2 GiB"));
}

struct OutputCase {
  const char *input, *output, *expected;
};

TEST(FrozenOutput, IsNamedAfterTheInput) {
  const OutputCase cases[] = {
      {"out/model.ckpt", "", "model.frozen.pb"}, {"out/model.ckpt-900.index", "", "model.frozen.pb"},
      {"exported/1", "", "1.frozen.pb"},         {"exported/", "", "exported.frozen.pb"},
      {"out/model.ckpt", "a.pb", "a.pb"},        {"out/model.ckpt", "there/", "there/model.frozen.pb"},
  };
  for (const OutputCase& one : cases)
    EXPECT_EQ(frozen_output(one.input, one.output), one.expected) << one.input;
}

}  // namespace
}  // namespace thaw::internal
