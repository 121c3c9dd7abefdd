#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"
#include "thaw/diff.h"
#include "verbs/world.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const std::string kDense = R"(
  x = Placeholder f32[?,2]
  d/w = Const f32[2,2] = 1 2 3 4
  d/w/read = Identity:f32 d/w
  y = MatMul:f32 x d/w/read
  d/b = Const f32[2] = 5 6
  d/b/read = Identity:f32 d/b
  z = BiasAdd:f32 y d/b/read
  out = Relu:f32 z
)";

std::string with(std::string text, const std::string& old, const std::string& now) {
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += now.size())
    text.replace(at, old.size(), now);
  return text;
}

// "values d/w", "only_b Adam/x (slot of Adam) expected".
std::vector<std::string> weights_of(const DiffReport& report) {
  std::vector<std::string> lines;
  for (const WeightDifference& weight : report.weights) {
    std::string line = std::string(name_of(weight.change)) + " " + weight.name;
    if (!weight.other_name.empty()) line += "=" + weight.other_name;
    if (!weight.state.empty()) line += " (" + weight.state + ")";
    lines.push_back(line + (weight.expected ? " expected" : ""));
  }
  return lines;
}

std::vector<std::string> changed(const DiffReport& report) {
  std::vector<std::string> names;
  for (const NodeDifference& node : report.graph.nodes.changed) names.push_back(node.name);
  return names;
}

// Files in memory: a.pb, b.pb and checkpoints of them.
struct Desk {
  World world;

  Desk(const std::string& a, const std::string& b) {
    world.files()["a.pb"] = graph_text::graph_bytes(a);
    world.files()["b.pb"] = graph_text::graph_bytes(b);
  }
  void thaw(const std::string& file, const std::string& prefix, const ThawOptions& options = {}) {
    world.thaw(options, memory_source(world.files().at(file), file), prefix);
  }
  DiffReport diff(const std::string& a, const std::string& b, const DiffOptions& options = {}) const {
    return diff_models(a, b, options, world.destination);
  }
  DiffReport diff(const DiffOptions& options = {}) const { return diff("a.pb", "b.pb", options); }
};

TEST(DiffModels, NothingDiffers) {
  Desk desk(kDense, kDense);
  desk.thaw("a.pb", "out/m");
  for (const std::string one : {"a.pb", "b.pb", "out/m", "out/m.meta", "out/m.index", "out"}) {
    for (const std::string other : {"a.pb", "out/m", "out"}) {
      const DiffReport report = desk.diff(one, other);
      EXPECT_FALSE(report.differs()) << one << " " << other << "\n" << to_text(report);
      EXPECT_EQ(report.weights_equal, 2u);
      EXPECT_TRUE(report.graph_compared);
      EXPECT_THAT(report.warnings, IsEmpty());
    }
  }
}

TEST(DiffModels, ValuesAreToldAsWeightsOrAsNodes) {
  Desk desk(kDense, with(kDense, "1 2 3 4", "1 2 3 4.5"));
  desk.thaw("b.pb", "out/m");
  for (const std::string other : {"b.pb", "out/m"}) {
    const DiffReport report = desk.diff("a.pb", other);
    EXPECT_THAT(weights_of(report), ElementsAreArray({"values d/w"}));
    EXPECT_EQ(report.weights[0].delta->largest, 0.5);
    EXPECT_EQ(report.weights[0].delta->changed, 1u);
    EXPECT_TRUE(report.graph.empty()) << to_text(report);
    DiffOptions near;
    near.tolerance = 0.5;
    EXPECT_FALSE(desk.diff("a.pb", other, near).differs());
    EXPECT_EQ(desk.diff("a.pb", other, near).weights_within, 1u);
  }
  DiffOptions graph;
  graph.part = DiffPart::graph;
  EXPECT_THAT(changed(desk.diff(graph)), ElementsAreArray({"d/w"}));
  EXPECT_FALSE(desk.diff(graph).weights_compared);
}

TEST(DiffModels, ShapesAndTypes) {
  const Desk shapes(kDense, with(kDense, "d/b = Const f32[2] = 5 6", "d/b = Const f32[3] = 5 6 7"));
  EXPECT_THAT(weights_of(shapes.diff()), ElementsAreArray({"shape d/b"}));
  const Desk types(kDense, with(kDense, "d/b = Const f32[2]", "d/b = Const f64[2]"));
  EXPECT_THAT(weights_of(types.diff()), ElementsAreArray({"dtype d/b"}));
}

// What else differs may make a constant look like no weight any more.
TEST(DiffModels, AWeightOnOneSideIsComparedWithTheConstantOfTheOther) {
  const Desk desk(kDense, with(with(kDense, "d/b/read = Identity:f32 d/b\n", "d/b/read = Tanh:f32 d/b\n"),
                               "BiasAdd:f32 y d/b/read", "Mystery:f32 y d/b/read"));
  EXPECT_THAT(weights_of(desk.diff()), IsEmpty());
  EXPECT_EQ(desk.diff().weights_equal, 2u);
  EXPECT_THAT(changed(desk.diff()), ElementsAreArray({"d/b/read", "z"}));
}

TEST(DiffModels, EqualBitsUnderAnotherName) {
  const std::string renamed = with(with(kDense, "d/b", "d/beta"), "d/w", "d/gamma");
  Desk desk(kDense, renamed);
  EXPECT_THAT(weights_of(desk.diff()), ElementsAreArray({"renamed d/b=d/beta", "renamed d/w=d/gamma"}));
  DiffOptions rules;
  rules.rename = {"d/b=d/beta", "d/w=d/gamma"};
  EXPECT_FALSE(desk.diff(rules).differs()) << to_text(desk.diff(rules));
  desk.thaw("b.pb", "out/m");
  EXPECT_FALSE(desk.diff("a.pb", "out/m", rules).differs()) << to_text(desk.diff("a.pb", "out/m", rules));
  // Two that have the same bits are not told apart.
  const std::string twins = with(kDense, "  out =",
                                 "  e/b = Const f32[2] = 5 6\n  e/b/read = Identity:f32 e/b\n"
                                 "  z2 = BiasAdd:f32 y e/b/read\n  out =");
  const Desk unclear(twins, with(with(twins, "d/b", "p/b"), "e/b", "q/b"));
  EXPECT_THAT(weights_of(unclear.diff()),
              ElementsAreArray({"only_a d/b", "only_a e/b", "only_b p/b", "only_b q/b"}));
}

TEST(DiffModels, TrainingStateIsExpectedBesideAFrozenGraphOnly) {
  Desk desk(kDense, kDense);
  desk.thaw("a.pb", "out/m", options_of([](ThawOptions& options) { options.global_step = 7; }));
  desk.thaw("a.pb", "bare/m");
  const DiffReport report = desk.diff("a.pb", "out/m");
  EXPECT_FALSE(report.differs());
  EXPECT_THAT(weights_of(report), ElementsAreArray({"only_b global_step (step) expected"}));
  DiffOptions weights;
  weights.part = DiffPart::weights;
  EXPECT_THAT(weights_of(desk.diff("bare/m", "out/m", weights)),
              ElementsAreArray({"only_b global_step (step)"}));
  EXPECT_TRUE(desk.diff("bare/m", "out/m", weights).differs());
}

TEST(DiffModels, AGraphWithoutItsValues) {
  Desk desk(kDense, kDense);
  desk.thaw("a.pb", "out/m");
  desk.world.files()["alone.meta"] = desk.world.files().at("out/m.meta");
  const DiffReport report = desk.diff("a.pb", "alone.meta");
  EXPECT_THAT(weights_of(report), ElementsAreArray({"unknown d/b expected", "unknown d/w expected"}));
  EXPECT_FALSE(report.differs());
  EXPECT_THAT(report.warnings, ElementsAre(testing::HasSubstr("no values were found for its 2 variables")));
}

TEST(DiffModels, OnlyWhatMatches) {
  const std::string other = with(with(kDense, "Relu", "Tanh"), "5 6", "5 7");
  const Desk desk(kDense, other);
  DiffOptions options;
  options.match = {"d"};
  EXPECT_THAT(weights_of(desk.diff(options)), ElementsAreArray({"values d/b"}));
  EXPECT_THAT(changed(desk.diff(options)), IsEmpty());
  options.match = {"out"};
  EXPECT_THAT(weights_of(desk.diff(options)), IsEmpty());
  EXPECT_THAT(changed(desk.diff(options)), ElementsAreArray({"out"}));
  options.match = {"nowhere"};
  EXPECT_THAT([&] { desk.diff(options); }, throws_error(ErrorKind::usage, "'nowhere' matches nothing"));
}

TEST(DiffModels, WhatCannotBeCompared) {
  Desk desk(kDense, kDense);
  desk.thaw("a.pb", "out/m");
  desk.world.files().erase("out/m.meta");
  DiffOptions graph;
  graph.part = DiffPart::graph;
  EXPECT_THAT([&] { desk.diff("a.pb", "out/m", graph); }, throws_error(ErrorKind::usage, "has no graph"));
  EXPECT_THAT([&] { desk.diff("a.pb", "none.pb"); }, throws_error(ErrorKind::input_io, "none.pb"));
  DiffOptions stopped;
  stopped.stop = [] { return true; };
  EXPECT_THAT([&] { desk.diff(stopped); }, throws_error(ErrorKind::interrupted, "stopped"));
}

TEST(DiffModels, ProgressEndsAtAll) {
  Desk desk(kDense, kDense);
  std::uint64_t last = 0, all = 0;
  DiffOptions options;
  options.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GT(done, last);
    last = done;
    all = total;
  };
  desk.diff(options);
  EXPECT_EQ(last, 24u);
  EXPECT_EQ(all, 24u);
}

}  // namespace
}  // namespace thaw::internal
