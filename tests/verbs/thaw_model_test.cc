// The whole way, from a file in memory to files in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/bundle_reader.h"
#include "model/model.h"
#include "support/endless_model.h"
#include "support/graph_text.h"
#include "support/node_lines.h"
#include "support/throws_error.h"
#include "thaw/thaw.h"
#include "verbs/world.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using enum ErrorKind;

std::string frozen_value(const std::string& text, const std::string& name) {
  const auto graph = graph_text::graph_of(text);
  return graph->tensor(graph->find(name), "value").value.bytes();
}

TEST(ThawModel, WritesACheckpointAMetaGraphAndTheState) {
  const World world;
  const ThawReport report = world.thaw();
  EXPECT_THAT(world.names(), ElementsAreArray({"out/checkpoint", "out/model.ckpt.data-00000-of-00001",
                                               "out/model.ckpt.index", "out/model.ckpt.meta"}));
  EXPECT_EQ(world.files().at("out/checkpoint"),
            "model_checkpoint_path: \"model.ckpt\"\nall_model_checkpoint_paths: \"model.ckpt\"\n");
  EXPECT_EQ(world.value("w"), frozen_value(kModel, "w"));
  EXPECT_EQ(world.value("steps"), frozen_value(kModel, "steps"));
  EXPECT_EQ(open_bundle(*world.destination, "out/model.ckpt").tensors().size(), 2u);
  const Model meta = open_model(world.destination->open("out/model.ckpt.meta"));
  EXPECT_EQ(meta.kind, FileKind::meta_graph_def);
  EXPECT_EQ(meta.graph->op(meta.graph->find("w")), "VarHandleOp");
}

TEST(ThawModel, ReportsWhatItDid) {
  const World world;
  const ThawReport report = world.thaw();
  EXPECT_EQ(report.source_path, "m.pb");
  EXPECT_EQ(report.source_bytes, model()->size());
  EXPECT_EQ(report.source_format, "frozen GraphDef");
  EXPECT_EQ(report.producer, std::nullopt);
  EXPECT_EQ(report.nodes, 8u);
  ASSERT_EQ(report.inputs.size(), 1u);
  EXPECT_EQ(report.inputs[0].name, "x:0");
  EXPECT_EQ(report.inputs[0].shape, Shape({-1, 2}));
  ASSERT_EQ(report.outputs.size(), 1u);
  EXPECT_EQ(report.outputs[0].name, "out:0");
  ASSERT_EQ(report.variables.size(), 2u);
  const ReportedVariable& steps = report.variables[0];
  EXPECT_EQ(steps.name, "steps");
  EXPECT_EQ(steps.node, "steps");
  EXPECT_EQ(steps.key, "steps");
  EXPECT_EQ(steps.dtype, DType::int64);
  EXPECT_EQ(steps.bytes, 8u);
  EXPECT_EQ(steps.role, Role::state);
  EXPECT_EQ(report.variables[1].reasons.front(), (Reason{"E1", "w/read", 0}));
  ASSERT_EQ(report.kept.size() + report.unsure.size(), 1u);
  EXPECT_FALSE(report.changes.empty());
  EXPECT_EQ(report.prefix, "out/model.ckpt");
  EXPECT_FALSE(report.dry_run);
  EXPECT_FALSE(report.values_verified);
  EXPECT_EQ(report.nodes_equal + report.nodes_explained, 8u);
  EXPECT_EQ(report.style, VariableStyle::resource);
}

TEST(ThawModel, NamesEveryFileWithItsSize) {
  const World world;
  std::map<std::filesystem::path, std::uint64_t> reported;
  for (const ReportedFile& file : world.thaw().files) reported[file.path] = file.bytes;
  std::map<std::filesystem::path, std::uint64_t> written;
  for (const auto& [path, content] : world.files()) written[path] = content.size();
  EXPECT_EQ(reported, written);
}

TEST(ThawModel, WritesNothingWhenDry) {
  const World world;
  const ThawReport report = world.thaw(options_of([](ThawOptions& o) { o.dry_run = true; }));
  EXPECT_TRUE(world.files().empty());
  EXPECT_TRUE(report.dry_run);
  EXPECT_TRUE(report.files.empty());
  EXPECT_EQ(report.variables.size(), 2u);
  EXPECT_EQ(report.nodes_equal + report.nodes_explained, 8u);
}

TEST(ThawModel, ReadsEveryByteBackWhenAsked) {
  const World world;
  EXPECT_TRUE(world.thaw(options_of([](ThawOptions& o) { o.verify = true; })).values_verified);
}

TEST(ThawModel, MakesTheSameBytesTwice) {
  const World first, second;
  first.thaw();
  second.thaw();
  EXPECT_EQ(first.files(), second.files());
}

TEST(ThawModel, ThawsAnyFormOfAModelToTheSameCheckpoint) {
  std::string meta;
  MessageWriter(meta).bytes(2, graph_text::graph_bytes(kModel));
  const World plain, wrapped;
  plain.thaw();
  const ThawReport report = wrapped.thaw({}, memory_source(meta, "m.meta"));
  EXPECT_EQ(report.source_format, "MetaGraphDef");
  EXPECT_EQ(plain.files(), wrapped.files());
}

TEST(ThawModel, JoinsPartitions) {
  const World world;
  world.thaw({}, model(R"(
    x = Placeholder f32[?,2]
    e/part_0 = Const f32[2,1] = 1 3
    e/part_0/read = Identity:f32 e/part_0
    e/part_1 = Const f32[2,2] = 2 4 5 6
    e/part_1/read = Identity:f32 e/part_1
    axis = Const i32[] = 1
    e/ConcatPartitions/concat = ConcatV2:f32 e/part_0/read e/part_1/read axis | N=2
    y = MatMul:f32 x e/ConcatPartitions/concat
  )"));
  std::string joined;
  for (const double number : {1, 2, 4, 3, 5, 6}) joined += graph_text::element(DType::float32, number);
  EXPECT_EQ(world.value("e"), joined);
}

TEST(ThawModel, LeavesPartsWithoutNumbersApart) {  // no slice of a checkpoint is empty
  const World world;
  world.thaw({}, model(R"(
    x = Placeholder f32[?,4]
    e/part_0 = Const f32[2,0] =
    e/part_0/read = Identity:f32 e/part_0
    e/part_1 = Const f32[2,0] =
    e/part_1/read = Identity:f32 e/part_1
    axis = Const i32[] = 0
    e/ConcatPartitions/concat = ConcatV2:f32 e/part_0/read e/part_1/read axis | N=2
    y = MatMul:f32 x e/ConcatPartitions/concat
  )"));
  EXPECT_EQ(world.value("e/part_0"), "");
  EXPECT_EQ(world.value("e/part_1"), "");
}

// -- refusals leave everything as it was

struct RefusedThaw {
  const char* what;
  SourcePtr source;
  std::function<void(ThawOptions&)> set;
  ErrorKind kind;
  std::string message;
};

class Refusals : public testing::TestWithParam<RefusedThaw> {};

TEST_P(Refusals, ChangeNothing) {
  const World world;
  world.files() = {
      {"out/model.ckpt.index", "old index"}, {"out/model.ckpt.data-00000-of-00001", "old"}, {"other", "x"}};
  const auto before = world.files();
  EXPECT_THAT([&] { world.thaw(options_of(GetParam().set), GetParam().source); },
              throws_error(GetParam().kind, GetParam().message));
  EXPECT_EQ(world.files(), before);
}

const auto kForce = [](ThawOptions& o) { o.force = true; };

INSTANTIATE_TEST_SUITE_P(
    ThawModel, Refusals,
    testing::Values(
        RefusedThaw{"Exists", model(), [](ThawOptions&) {}, output_exists, "out/model.ckpt"},
        RefusedThaw{"Empty", memory_source("", "m.pb"), kForce, malformed, "m.pb: is empty"},
        RefusedThaw{"NoWeights", model("x = Placeholder f32[?]\ny = Relu:f32 x\n"), kForce, no_weights,
                    "m.pb: has no weights (2 nodes, 0 constants)"},
        RefusedThaw{"OnlyDoubtful",
                    model("x = Placeholder f32[?,4]\nw = Const f32[4,4]\ny = PartitionedCall x w | f=%f\n"),
                    kForce, no_weights, "no constant that is surely a weight"},
        RefusedThaw{"NeverFrozen", model("v = VariableV2 | dtype=:f32 shape=(2)\nr = Identity:f32 v\n"),
                    kForce, no_weights, "it was never frozen"},
        RefusedThaw{"BrokenTensor",
                    model("w = Const f32[2]\nw/read = Identity:f32 w\nbad = Const | dtype=:f32\n"), kForce,
                    malformed, "m.pb: node 'bad': a constant without a value"},
        RefusedThaw{"TwoTypes", model("w = Const f32[2] | dtype=:i32\nw/read = Identity:f32 w\n"), kForce,
                    malformed, "node 'w': a tensor of float32 (expected int32, as attribute 'dtype' says"},
        RefusedThaw{"NoSuchPattern", model(), [](ThawOptions& o) { o.force = true, o.thaw = {"www"}; }, usage,
                    "--thaw: 'www' matches nothing"},
        RefusedThaw{"NoSuchOutput", model(), [](ThawOptions& o) { o.force = true, o.outputs = {"nix"}; },
                    usage, "--outputs"},
        RefusedThaw{"Interrupted", model(),
                    [](ThawOptions& o) { o.force = true, o.stop = [] { return true; }; }, interrupted, ""}),
    [](const auto& tested) { return tested.param.what; });

TEST(ThawModel, RefusesPrefixesThatTensorFlowWouldNotFind) {
  const World world;
  EXPECT_THAT([&] { world.thaw({}, model(), "out/a[1]"); }, throws_error(usage, "a[1]"));
  EXPECT_THAT([&] { world.thaw({}, model(), "out/checkpoint"); }, throws_error(usage, "checkpoint"));
  EXPECT_TRUE(world.files().empty());
}

// Stopped at the n-th time it asks, wherever that is: nothing is left.
TEST(ThawModel, LeavesNothingWhereverItIsStopped) {
  int asked = 0;
  World().thaw(options_of([&](ThawOptions& o) { o.stop = [&] { return ++asked < 0; }; }));
  ASSERT_GT(asked, 3);
  for (int at = 1; at <= asked; ++at) {
    const World world;
    int now = 0;
    EXPECT_THAT(
        [&] { world.thaw(options_of([&](ThawOptions& o) { o.stop = [&] { return ++now == at; }; })); },
        throws_error(interrupted, ""))
        << at;
    EXPECT_TRUE(world.files().empty()) << at;
  }
}

TEST(ThawModel, ReplacesWhenForced) {
  const World world;
  world.thaw();
  const auto first = world.files();
  EXPECT_THAT([&] { world.thaw(); }, throws_error(output_exists, "out/model.ckpt"));
  EXPECT_EQ(world.files(), first);
  world.thaw(options_of([](ThawOptions& o) { o.force = true, o.keep = {"steps"}; }));
  EXPECT_EQ(open_bundle(*world.destination, "out/model.ckpt").tensors().size(), 1u);
  EXPECT_THAT(world.names(), ElementsAreArray({"out/checkpoint", "out/model.ckpt.data-00000-of-00001",
                                               "out/model.ckpt.index", "out/model.ckpt.meta"}));
}

TEST(ThawModel, TellsHowFarItIs) {
  std::vector<std::uint64_t> done;
  std::uint64_t whole = 0;
  World().thaw(options_of([&](ThawOptions& o) {
    o.progress = [&](std::uint64_t now, std::uint64_t total) {
      done.push_back(now);
      whole = total;
    };
  }));
  ASSERT_FALSE(done.empty());
  EXPECT_TRUE(std::ranges::is_sorted(done));
  EXPECT_EQ(done.back(), whole);
  EXPECT_EQ(whole, 32u);  // w and steps
}

// 6 GiB of weights: planned, rewritten and proved by reading hardly any of them.
TEST(ThawModel, PlansAModelAbove4GiBWithoutReadingIt) {
  const auto file = std::make_shared<const EndlessModel>(4, 32768, 12288);
  const ThawReport report = World().thaw(options_of([](ThawOptions& o) { o.dry_run = true; }), file);
  EXPECT_EQ(report.variables.size(), 4u);
  EXPECT_EQ(report.variables[3].bytes, std::uint64_t{3} << 29);
  EXPECT_LT(file->bytes_read(), 4u << 20);
}

}  // namespace
}  // namespace thaw::internal
