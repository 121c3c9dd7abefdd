// A model's weights under other names, from files in memory to files in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "support/throws_error.h"
#include "thaw/verify.h"
#include "verbs/world.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using enum ErrorKind;

TransplantOptions wish(const std::function<void(TransplantOptions&)>& set) {
  TransplantOptions options;
  set(options);
  return options;
}

struct TransplantDesk : World {
  void list(const std::string& text) const { files()["target.txt"] = text; }
  TransplantReport transplant(const TransplantOptions& options = {},
                              const std::filesystem::path& into = "target.txt",
                              const SourcePtr& source = model()) const {
    return transplant_model(source, into, "out/model.ckpt", options, destination);
  }
  bool wrote() const { return files().contains("out/model.ckpt.index"); }
};

std::string kinds(const TransplantReport& report) {
  std::string text;
  for (const TransplantFinding& finding : report.findings) {
    text += (text.empty() ? "" : " ") + std::string(name_of(finding.kind)) + ":";
    for (const std::string& entry : finding.entries) text += entry + ",";
  }
  return text;
}

float number(const std::string& bytes) {
  float value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

TEST(Transplant, WritesTheTargetsNames) {
  const TransplantDesk desk;
  desk.list("a/w float32 [2,3]\na/steps int64 []\n");
  const TransplantReport report = desk.transplant(wish([](TransplantOptions& o) { o.verify = true; }));
  EXPECT_TRUE(report.complete);
  EXPECT_THAT(desk.names(), ElementsAreArray({"out/checkpoint", "out/model.ckpt.data-00000-of-00001",
                                              "out/model.ckpt.index", "target.txt"}));
  const auto frozen = graph_text::graph_of(kModel);
  EXPECT_EQ(desk.value("a/w"), frozen->tensor(frozen->find("w"), "value").value.bytes());
  ASSERT_EQ(report.entries.size(), 2u);
  EXPECT_EQ(report.entries[1].key, "a/w");
  EXPECT_EQ(report.entries[1].weight, "w");
  EXPECT_EQ(report.entries[1].stage, MatchStage::scope);
  EXPECT_EQ(report.target_format, "list");
  EXPECT_TRUE(report.values_verified);
}

TEST(Transplant, WritesNothingThatIsNotComplete) {
  for (const std::string& list :
       {std::string("w float32 [2,3]\nsteps int64 []\nmore float32 [2]\n"),
        std::string("w float32 [3,3]\nsteps int64 []\n"), std::string("nothing/in/common float32 [9]\n")}) {
    const TransplantDesk desk;
    desk.list(list);
    EXPECT_FALSE(desk.transplant().complete) << list;
    EXPECT_THAT(desk.names(), ElementsAreArray({"target.txt"})) << list;
  }
}

TEST(Transplant, SaysWhatIsMissingAndWhatIsLeft) {
  const TransplantDesk desk;
  desk.list("w float32 [2,3]\nmore float32 [2]\n");
  const TransplantReport report = desk.transplant();
  EXPECT_EQ(kinds(report), "missing:more, left_over:");
  EXPECT_EQ(report.findings[0].rule, "--missing zero");
  EXPECT_THAT(report.warnings, ElementsAreArray({"1 weight of the model found no place in the target"}));
}

TEST(Transplant, MissingWeightsAreZeroWhenThatIsAsked) {
  const TransplantDesk desk;
  desk.list("w float32 [2,3]\nmore float32 [2]\nsteps int64 []\n");
  const TransplantReport report =
      desk.transplant(wish([](TransplantOptions& o) { o.missing = MissingWish::zero; }));
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(desk.value("more"), std::string(8, '\0'));
}

TEST(Transplant, IsNeverOnlyTheTargetAgain) {
  const TransplantDesk desk;
  desk.list("other float32 [9]\n");
  EXPECT_FALSE(desk.transplant(wish([](TransplantOptions& o) { o.missing = MissingWish::zero; })).complete);
}

// A checkpoint in memory that another transplant wrote.
void make_target(const TransplantDesk& desk) {
  desk.list(
      "w float32 [2,3]\nsteps int64 []\nw/Adam float32 [2,3]\nbeta1_power float32 []\nhead float32 [4]\n"
      "learning_rate float32 []\n");
  const auto options = wish([](TransplantOptions& o) { o.missing = MissingWish::zero; });
  transplant_model(model(), "target.txt", "target/model.ckpt", options, desk.destination);
}

TEST(Transplant, ResetsTrainingState) {
  const TransplantDesk desk;
  desk.list(
      "w float32 [2,3]\nsteps int64 []\nw/RMSProp float32 [2,3]\nbeta1_power float32 []\n"
      "global_step int32 []\n");
  const TransplantReport report = desk.transplant(wish([](TransplantOptions& o) { o.global_step = 7; }));
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(number(desk.value("w/RMSProp")), 1.0f);
  EXPECT_EQ(number(desk.value("beta1_power")), 0.9f);
  EXPECT_EQ(desk.value("global_step"), std::string("\x07\0\0\0", 4));
}

TEST(Transplant, KeepsWhatTheTargetHas) {
  const TransplantDesk desk;
  make_target(desk);
  const auto options = wish([](TransplantOptions& o) { o.missing = MissingWish::keep; });
  const TransplantReport report = desk.transplant(options, "target/model.ckpt");
  EXPECT_TRUE(report.complete) << kinds(report);
  EXPECT_EQ(report.target_format, "checkpoint");
  std::string origins;
  for (const TransplantedEntry& entry : report.entries)
    origins += entry.key + "=" + std::string(name_of(entry.origin)) + " ";
  EXPECT_EQ(origins, "beta1_power=reset head=kept learning_rate=kept steps=weight w=weight w/Adam=reset ");
}

TEST(Transplant, TakesATargetByAnyOfItsNames) {
  for (const char* into : {"target/model.ckpt", "target/model.ckpt.index",
                           "target/model.ckpt.data-00000-of-00001", "target", "target/checkpoint"}) {
    const TransplantDesk desk;
    make_target(desk);
    const auto options = wish([](TransplantOptions& o) { o.missing = MissingWish::keep; });
    EXPECT_EQ(desk.transplant(options, into).entries.size(), 6u) << into;
  }
}

// Under its own name and under that of its object, a variable is one.
TEST(Transplant, FillsASavedModelThatWasThawed) {
  const TransplantDesk desk;
  desk.thaw(options_of([](ThawOptions& o) { o.saved_model = "saved"; }), model(), "");
  const TransplantReport report = transplant_model(model(), "saved", "filled", {}, desk.destination);
  EXPECT_TRUE(report.complete) << to_text(report, {});
  EXPECT_EQ(kinds(report), "");
  EXPECT_EQ(report.entries.size(), 5u);  // two keys each, and the graph of the objects
  EXPECT_TRUE(verify_model(model(), "filled", {}, desk.destination).verified());
}

TEST(Transplant, NeverTouchesTheTarget) {
  const TransplantDesk desk;
  make_target(desk);
  const auto before = desk.files();
  for (const char* into : {"target/model.ckpt", "target/model.ckpt.index", "./target/../target/model.ckpt",
                           "target", "target/checkpoint"}) {
    EXPECT_THAT(
        [&] {
          transplant_model(model(), into, "target/model.ckpt",
                           wish([](TransplantOptions& o) { o.force = true; }), desk.destination);
        },
        throws_error(usage, "would replace the target"));
  }
  EXPECT_EQ(desk.files(), before);
}

TEST(Transplant, ObeysRules) {
  const TransplantDesk desk;
  desk.list("layer/kernel float32 [2,3]\nsteps int64 []\n");
  const TransplantReport report =
      desk.transplant(wish([](TransplantOptions& o) { o.rename = {"w=layer/kernel"}; }));
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.entries[0].stage, MatchStage::rule);
  EXPECT_THAT([&] { desk.transplant(wish([](TransplantOptions& o) { o.rename = {"nothing=x"}; })); },
              throws_error(usage, "nothing"));
}

TEST(Transplant, LeavesOutWhatIsSkipped) {
  const TransplantDesk desk;
  make_target(desk);
  const auto options = wish([](TransplantOptions& o) { o.skip = {"steps", "head"}; });
  const TransplantReport report = desk.transplant(options, "target/model.ckpt");
  EXPECT_TRUE(report.complete) << kinds(report);
  EXPECT_THAT(report.skipped, ElementsAreArray({"head", "steps"}));
  EXPECT_THAT([&] { desk.transplant(wish([](TransplantOptions& o) { o.skip = {"nowhere"}; })); },
              throws_error(usage, "--skip"));
}

TEST(Transplant, WarnsOfDrawnNumbersThatAreLeftOut) {
  const TransplantDesk desk;
  desk.files()["train.pb"] = graph_text::graph_bytes(R"(
    w = VariableV2 | dtype=:f32 shape=(2,3)
    steps = VariableV2 | dtype=:i64 shape=()
    s = Const i32[1] = 4
    i = RandomUniform:i32 s | dtype=:f32
    head = VariableV2 | dtype=:f32 shape=(4)
    head/Assign = Assign:f32 head i
  )");
  for (const bool seeded : {false, true}) {
    const auto options = wish([&](TransplantOptions& o) {
      o.skip = {"head"};
      o.force = true;
      if (seeded) o.seed = 1;
    });
    const TransplantReport report = desk.transplant(options, "train.pb");
    EXPECT_TRUE(report.complete) << kinds(report);
    EXPECT_EQ(report.entries.size(), seeded ? 3u : 2u);
    if (seeded)
      EXPECT_THAT(report.warnings, IsEmpty());
    else
      EXPECT_THAT(report.warnings, ElementsAre(testing::HasSubstr("'head' is in no file")));
  }
}

TEST(Transplant, SaysWhatATargetCanBe) {
  const TransplantDesk desk;
  for (const auto& [bytes, kind] : {std::pair(std::string(), malformed),
                                    {std::string(64, '\0'), malformed},
                                    {std::string("A text of some kind.\n"), unsupported}}) {
    desk.files()["odd.bin"] = bytes;
    EXPECT_THAT([&] { desk.transplant({}, "odd.bin"); },
                throws_error(kind, "expected your training code's checkpoint"));
  }
}

TEST(Transplant, AddsTheStateOfAnOptimizer) {
  const TransplantDesk desk;
  desk.list("w float32 [2,3]\nsteps int64 []\n");
  const TransplantReport report = desk.transplant(wish([](TransplantOptions& o) {
    o.optimizer = "adam";
    o.global_step = 3;
  }));
  std::string keys;
  for (const TransplantedEntry& entry : report.entries) keys += entry.key + " ";
  EXPECT_EQ(keys, "beta1_power beta2_power global_step steps w w/Adam w/Adam_1 ");
}

TEST(Transplant, WritesTheVeryStepOrNone) {
  const TransplantDesk desk;
  desk.list("w float32 [2,3]\nsteps int64 []\nglobal_step int32 []\n");
  EXPECT_THAT([&] { desk.transplant(wish([](TransplantOptions& o) { o.global_step = 3'000'000'000; })); },
              throws_error(usage, "does not fit"));
  desk.list("w float32 [2,3]\nglobal_step int64 []\n");  // no double number is this one
  desk.transplant(wish([](TransplantOptions& o) { o.global_step = 9007199254740993; }));
  EXPECT_EQ(desk.value("global_step"), std::string("\1\0\0\0\0\0\x20\0", 8));
}

TEST(Transplant, TakesFoldedWeightsOnlyByForce) {
  const std::string folded = R"(
    x = Placeholder f32[?,4,4,3]
    conv/merged_input = Const f32[1,1,3,2]
    y = Conv2D:f32 x conv/merged_input | strides=[1,1,1,1] padding=SAME
  )";
  const TransplantDesk desk;
  desk.list("conv/merged_input float32 [1,1,3,2]\n");
  const TransplantReport report = desk.transplant({}, "target.txt", model(folded));
  EXPECT_EQ(kinds(report), "derived:conv/merged_input,");
  EXPECT_FALSE(desk.wrote());
  EXPECT_TRUE(desk.transplant(wish([](TransplantOptions& o) { o.force = true; }), "target.txt", model(folded))
                  .complete);
}

TEST(Transplant, SaysWhyATargetIsNone) {
  const TransplantDesk desk;
  EXPECT_THAT([&] { desk.transplant({}, "absent.ckpt"); }, throws_error(input_io, "absent.ckpt"));
  desk.files()["frozen.pb"] = graph_text::graph_bytes(kModel);
  EXPECT_THAT([&] { desk.transplant({}, "frozen.pb"); }, throws_error(unsupported, "no variables"));
  desk.list("w float32 [2]\nw float32 [2]\n");
  EXPECT_THAT([&] { desk.transplant(); }, throws_error(malformed, "'w' twice"));
}

TEST(Transplant, WarnsOfCellsThatDiffer) {
  const TransplantDesk desk;
  desk.list("cudnn_lstm/w float32 [2,3]\nsteps int64 []\n");
  const TransplantReport report = desk.transplant();
  EXPECT_TRUE(report.complete);
  ASSERT_EQ(report.warnings.size(), 1u);
  EXPECT_THAT(report.warnings[0], testing::HasSubstr("forget bias"));
}

TEST(Transplant, DryRunsWriteNothing) {
  const TransplantDesk desk;
  desk.list("w float32 [2,3]\nsteps int64 []\n");
  const TransplantReport report = desk.transplant(wish([](TransplantOptions& o) { o.dry_run = true; }));
  EXPECT_TRUE(report.complete);
  EXPECT_THAT(report.files, IsEmpty());
  EXPECT_FALSE(desk.wrote());
}

}  // namespace
}  // namespace thaw::internal
