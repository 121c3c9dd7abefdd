#include "thaw/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "thaw/error.h"
#include "thaw/transplant.h"

namespace thaw {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

ThawReport thawed_sample() {
  ThawReport report;
  report.source_path = "models/net.pb";
  report.source_bytes = 188915369;
  report.source_format = "frozen GraphDef";
  report.producer = 26;
  report.nodes = 1234;
  report.inputs = {{"x:0", DType::float32, Shape({-1, 16})}};
  report.outputs = {{"out:0", DType::float32, Shape::of_unknown_rank()}};
  report.variables = {{"w",
                       "w/read/_2__cf__2",
                       "w",
                       DType::float32,
                       Shape({2048, 2048}),
                       16777216,
                       Role::trainable,
                       true,
                       {{"E3", "", -1}, {"R0", "", -1}}},
                      {"mean",
                       "mean",
                       "mean",
                       DType::float32,
                       Shape({8}),
                       32,
                       Role::statistic,
                       false,
                       {{"E1", "mean/read", 0}, {"R1", "bn", 3}}}};
  report.kept = {{"shape", DType::int32, Shape({2}), {{"N1", "", -1}}}};
  report.unsure = {{"it's", DType::float32, Shape({3, 3}), {{"E5", "conv", 1}, {"N9", "conv", 1}}}};
  report.changes = {{"V1", "w", "Const -> VarHandleOp"},
                    {"V1", "mean", "Const -> VarHandleOp"},
                    {"S1", "save/Const", "saver"}};
  report.kept_count = 1;
  report.change_counts = {{"S1", 1}, {"V1", 2}};
  report.warnings = {"1 constant may be a weight and was kept"};
  report.prefix = "out/model.ckpt";
  report.files = {{"out/model.ckpt.index", 1400}, {"out/checkpoint", 80}};
  report.nodes_equal = 1230;
  report.nodes_explained = 4;
  return report;
}

TEST(TextReport, FitsOnAScreen) {
  const std::string text = to_text(thawed_sample());
  EXPECT_THAT(text,
              testing::StartsWith("models/net.pb  frozen GraphDef, 188.9 MB, 1,234 nodes, producer 26\n"));
  for (const char* part : {"x:0  float32 [?,16]", "out:0  float32\n",
                           "2 variables: 1 trainable, 1 moving statistic; 4,194,312 numbers, 16.8 MB",
                           "1 constant of the program", "it's", "out/model.ckpt.index  1.4 kB",
                           "out/checkpoint  80 bytes", "S1 1", "V1 2", "1,234 nodes"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_LT(std::ranges::count(text, '\n'), 24);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("Const -> VarHandleOp")));
}

TEST(TextReport, SaysWhatGradientsPass) {
  ThawReport report = thawed_sample();
  const auto row = [&](std::size_t loops, std::size_t blocked, std::size_t conds, std::size_t blocked_conds) {
    report.control_flow = ReportedControlFlow{};
    report.control_flow->loops.resize(loops);
    for (std::size_t i = 0; i < blocked; ++i) report.control_flow->loops[i].trains = false;
    report.control_flow->conds = conds;
    report.control_flow->blocked_conds = blocked_conds;
    return to_text(report);
  };
  EXPECT_THAT(row(1, 0, 2, 0), HasSubstr("1 loop, 2 conds: gradients pass\n"));
  EXPECT_THAT(row(1, 1, 0, 0), HasSubstr("1 loop: no gradient passes it\n"));
  EXPECT_THAT(row(2, 2, 1, 1), HasSubstr("2 loops, 1 cond: no gradient passes them\n"));
  EXPECT_THAT(row(3, 1, 4, 2), HasSubstr("no gradient passes 1 of 3 loops, 2 of 4 conds\n"));
  EXPECT_THAT(row(3, 0, 4, 2), HasSubstr("no gradient passes 2 of 4 conds\n"));
}

TEST(TextReport, ShowsEveryDecisionWhenVerbose) {
  const std::string text = to_text(thawed_sample(), {false, true});
  for (const char* part : {"w  float32 [2048,2048]  trainable  E3+R0", "was w/read/_2__cf__2",
                           "mean  float32 [8]  statistic  E1+R1", "shape  int32 [2]  N1",
                           "V1  w  Const -> VarHandleOp", "S1  save/Const  saver"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(TextReport, CutsLongLists) {
  ThawReport report = thawed_sample();
  report.outputs.assign(40, {"o:0", DType::float32, Shape()});
  report.unsure.assign(40, report.unsure[0]);
  EXPECT_LT(std::ranges::count(to_text(report), '\n'), 36);
  EXPECT_THAT(to_text(report), HasSubstr("and 36 more"));
  EXPECT_THAT(to_text(report), HasSubstr("and 32 more"));
  EXPECT_GT(std::ranges::count(to_text(report, {false, true}), '\n'), 80);
}

TEST(TextReport, SaysWhatADryRunWouldDo) {
  ThawReport report = thawed_sample();
  report.dry_run = true;
  report.files.clear();
  EXPECT_THAT(to_text(report), HasSubstr("nothing (dry run)"));
  EXPECT_THAT(to_text(report), HasSubstr("out/model.ckpt"));
}

TEST(TextReport, EscapesNamesAndColoursOnlyWhenTold) {
  ThawReport report = thawed_sample();
  report.unsure[0].node = "a\x1b[31m";
  report.variables[0].name = "b\nc";
  report.changes[0].what = "\x07";
  for (const bool verbose : {false, true}) {
    EXPECT_THAT(to_text(report, {false, verbose}), Not(HasSubstr("\x1b")));
    EXPECT_THAT(to_text(report, {false, verbose}), Not(HasSubstr("\x07")));
    EXPECT_THAT(to_text(report, {false, verbose}), Not(HasSubstr("b\nc")));
  }
  EXPECT_THAT(to_text(report, {true, false}), HasSubstr("\x1b[1m"));
}

TEST(TransplantTextReport, EscapesNames) {
  TransplantReport report;
  report.source_path = "a\x1b[31m.pb";
  report.target_path = "b\x1b.ckpt";
  report.entries.emplace_back();
  report.entries[0].key = "k\x1b";
  report.entries[0].weight = "w\x1b";
  report.entries[0].why = "y\x1b";
  report.skipped = {"s\x1b"};
  report.unfrozen = {"u\x1b"};
  for (const Origin origin : {Origin::weight, Origin::reset}) {
    report.entries[0].origin = origin;
    for (const bool verbose : {false, true})
      EXPECT_THAT(to_text(report, {false, verbose}), Not(HasSubstr("\x1b")));
  }
}

TEST(TextError, HasThreeParts) {
  Error error(ErrorKind::malformed, "a tensor without a dtype", "TensorProto.dtype", "is it complete?");
  error.at("node 'a'").at("m.pb");
  EXPECT_EQ(to_text(error),
            "error: m.pb: node 'a': a tensor without a dtype\n  expected: TensorProto.dtype\n  try:      is "
            "it complete?\n");
  EXPECT_EQ(to_text(Error(ErrorKind::bug, "x")), "error: x\n");
  EXPECT_THAT(to_text(error, {true, false}), HasSubstr("\x1b["));
}

TEST(JsonReport, IsOneLineWithEveryField) {
  const std::string line = to_json(thawed_sample());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const json report = json::parse(line);
  EXPECT_EQ(report.at("schema"), "thaw.thaw/1");
  EXPECT_EQ(
      report.at("source"),
      (json{
          {"path", "models/net.pb"}, {"bytes", 188915369}, {"format", "frozen GraphDef"}, {"producer", 26}}));
  EXPECT_EQ(report.at("inputs").at(0),
            (json{{"name", "x:0"}, {"dtype", "float32"}, {"shape", {nullptr, 16}}}));
  EXPECT_EQ(report.at("outputs").at(0).at("shape"), nullptr);
  const json& w = report.at("variables").at(0);
  EXPECT_EQ(w.at("node"), "w/read/_2__cf__2");
  EXPECT_EQ(w.at("role"), "trainable");
  EXPECT_EQ(w.at("derived"), true);
  EXPECT_EQ(w.at("rules"), (json{"E3", "R0"}));
  EXPECT_EQ(report.at("variables").at(1).at("trainable"), false);
  EXPECT_EQ(report.at("variables").at(1).at("reasons").at(1),
            (json{{"rule", "R1"}, {"node", "bn"}, {"slot", 3}}));
  EXPECT_EQ(report.at("kept").at(0).at("reasons"), (json{{{"rule", "N1"}}}));
  EXPECT_EQ(report.at("unsure").size(), 1u);
  EXPECT_EQ(report.at("changes").size(), 3u);
  EXPECT_EQ(report.at("files").at(0), (json{{"path", "out/model.ckpt.index"}, {"bytes", 1400}}));
  EXPECT_EQ(report.at("proof"), (json{{"nodes_equal", 1230},
                                      {"nodes_explained", 4},
                                      {"functions_equal", 0},
                                      {"functions_explained", 0},
                                      {"values_verified", false}}));
  EXPECT_EQ(report.at("warnings").size(), 1u);
  EXPECT_EQ(report.at("style"), "resource");
  EXPECT_EQ(report.at("dry_run"), false);
  EXPECT_EQ(report.at("prefix"), "out/model.ckpt");
}

TEST(JsonReport, StaysValidWhateverNamesHold) {
  ThawReport report = thawed_sample();
  report.producer.reset();
  report.variables[0].name = "a\"\\\n\x01\xff\xc3";
  const json parsed = json::parse(to_json(report));
  EXPECT_EQ(parsed.at("source").at("producer"), nullptr);
  EXPECT_THAT(parsed.at("variables").at(0).at("name").get<std::string>(), testing::StartsWith("a\"\\\n\x01"));
}

TEST(JsonError, SaysItsKind) {
  const std::pair<ErrorKind, const char*> kinds[] = {{ErrorKind::usage, "usage"},
                                                     {ErrorKind::input_io, "input_io"},
                                                     {ErrorKind::malformed, "malformed"},
                                                     {ErrorKind::unsupported, "unsupported"},
                                                     {ErrorKind::no_weights, "no_weights"},
                                                     {ErrorKind::missing_values, "missing_values"},
                                                     {ErrorKind::output_exists, "output_exists"},
                                                     {ErrorKind::output_io, "output_io"},
                                                     {ErrorKind::interrupted, "interrupted"},
                                                     {ErrorKind::bug, "bug"}};
  for (const auto& [kind, name] : kinds) {
    Error error(kind, "problem", "expected", "hint");
    error.at("place");
    EXPECT_EQ(json::parse(to_json(error)), (json{{"schema", "thaw.error/1"},
                                                 {"kind", name},
                                                 {"places", {"place"}},
                                                 {"problem", "problem"},
                                                 {"expected", "expected"},
                                                 {"hint", "hint"}}));
  }
}

}  // namespace
}  // namespace thaw
