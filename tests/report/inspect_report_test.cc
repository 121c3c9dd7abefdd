#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "report/screen.h"
#include "thaw/inspect.h"

namespace thaw {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

InspectedWeight weight(const std::string& name, std::vector<std::int64_t> dims, Role role) {
  InspectedWeight made{name, name, {name}, DType::float32, Shape(std::move(dims))};
  made.role = role;
  made.bytes = 4 * static_cast<std::uint64_t>(*made.shape.element_count());
  return made;
}

InspectReport inspected_sample() {
  InspectReport report;
  report.path = "models/net.pb";
  report.format = "frozen GraphDef";
  report.bytes = 17100000;
  report.files = {{"models/net.pb", 17100000}};
  InspectedGraph graph;
  graph.made_by = "TensorFlow 1.5 to 1.10";
  graph.producer = 26;
  graph.tools = {{"TensorFlow 1's freezer", "reads called X/read of constants", 2, "w/read"}};
  graph.inputs = {{"", "x:0", DType::float32, Shape({-1, 16}), "Placeholder"}};
  graph.outputs = {{"", "out:0", DType::float32, Shape::of_unknown_rank(), "no other node takes it"}};
  graph.nodes = 1234;
  graph.functions = 2;
  graph.function_nodes = 30;
  graph.ops = {{"Const", 12, 1, OpGradient::stops},
               {"LSTMBlockCell", 1, 0, OpGradient::none},
               {"MatMul", 7, 0, OpGradient::passes}};
  graph.weights = {weight("bn/mean", {8}, Role::statistic), weight("w", {16, 8}, Role::trainable)};
  graph.trainable = {1, 128, 512};
  graph.statistic = {1, 8, 32};
  graph.constants = {12, 200, 800};
  graph.kept_count = 10;
  graph.unsure = {{"it's", DType::float32, Shape({3, 3}), {{"E5", "conv", 1}}}};
  graph.scopes = {{".", 1234, 2, 136, 544}, {"bn", 4, 1, 8, 32}, {"bn/deep", 1, 0, 0, 0}};
  graph.training.trainable = 1;
  graph.training.blocked = {{"LSTMBlockCell", 3, "cell", ""}};
  graph.warnings = {"1 constant may be a weight and was kept"};
  report.graphs = {graph};
  return report;
}

std::vector<std::string> lines_in(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(InspectText, FitsOnAScreen) {
  const std::string text = to_text(inspected_sample());
  EXPECT_THAT(text,
              StartsWith("models/net.pb  frozen GraphDef, 17.1 MB, 1,234 nodes, 2 functions of 30 nodes\n"));
  for (const char* part :
       {"TensorFlow 1.5 to 1.10, producer 26", "reads called X/read of constants (2 nodes)",
        "x:0  float32 [?,16]  (Placeholder)", "out:0  float32  (no other node takes it)",
        "2 weights: 136 numbers, 544 bytes", "1 trainable: 128 numbers, 512 bytes",
        "1 moving statistic: 8 numbers, 32 bytes", "10 constants of the program", "it's  float32 [3,3]",
        "no gradient reaches the trainable weight",
        "no gradient for LSTMBlockCell (node 'cell' and 2 more)"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_LT(std::ranges::count(text, '\n'), 24);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(InspectText, HasASectionForEachGraph) {
  InspectReport report = inspected_sample();
  report.graphs.push_back(report.graphs[0]);
  report.graphs[0].tags = {"serve"};
  report.graphs[1].tags = {"serve", "gpu"};
  const std::string text = to_text(report);
  EXPECT_THAT(text, AllOf(HasSubstr("2 graphs\n"), HasSubstr("graph     serve: 1,234 nodes"),
                          HasSubstr("graph     serve,gpu: 1,234 nodes")));
  EXPECT_THAT(to_tables(report, {.ops = true}),
              AllOf(StartsWith("file\top\t"), HasSubstr("models/net.pb[serve,gpu]\tConst\t12\t1\tstops\n")));
}

TEST(InspectText, IsAsWideAsTheTerminal) {
  InspectReport report = inspected_sample();
  report.graphs[0].inputs[0].name = std::string(300, 'n') + ":0";
  report.graphs[0].training.blocked[0].node = std::string(300, 'c');
  for (const std::size_t width : {60u, 80u, 120u, 200u}) {
    for (const std::string& line : lines_in(to_text(report, {.width = width})))
      EXPECT_LE(width_of(line), width) << line;
  }
  EXPECT_THAT(to_text(report), HasSubstr(std::string(300, 'n')));
}

TEST(InspectText, CutsLongLists) {
  InspectReport report = inspected_sample();
  report.graphs[0].outputs.assign(40, report.graphs[0].outputs[0]);
  EXPECT_THAT(to_text(report), HasSubstr("and 36 more (-v lists them)"));
  EXPECT_GT(std::ranges::count(to_text(report, {.verbose = true}), '\n'), 50);
}

TEST(InspectText, SaysWhatACheckpointHolds) {
  InspectReport report;
  report.path = "train/model.ckpt";
  report.format = "checkpoint";
  report.checkpoint.emplace();
  report.checkpoint->prefix = "train/model.ckpt";
  report.checkpoint->entries = {{"w", "w", DType::float32, Shape({2}), 8, ""},
                                {"w/Adam", "w/Adam", DType::float32, Shape({2}), 8, "slot of Adam"}};
  report.checkpoint->total = {2, 4, 16};
  report.checkpoint->weights = {1, 2, 8};
  EXPECT_THAT(to_text(report),
              AllOf(HasSubstr("2 entries: 4 numbers, 16 bytes"), HasSubstr("1 weight: 2 numbers, 8 bytes"),
                    HasSubstr("slot of Adam: 1")));
  EXPECT_EQ(to_tables(report, {.weights = true}),
            "name\tdtype\tshape\tparameters\tbytes\trole\nw\tfloat32\t[2]\t2\t8\tweight\n"
            "w/Adam\tfloat32\t[2]\t2\t8\tslot of Adam\n");
}

TEST(InspectTables, AreForProgramsOffATerminal) {
  EXPECT_EQ(to_tables(inspected_sample(), {.weights = true}),
            "name\tdtype\tshape\tparameters\tbytes\trole\nbn/mean\tfloat32\t[8]\t8\t32\tstatistic\n"
            "w\tfloat32\t[16,8]\t128\t512\ttrainable\n");
  EXPECT_EQ(to_tables(inspected_sample(), {.ops = true}, false),
            "Const\t12\t1\tstops\nMatMul\t7\t0\tpasses\nLSTMBlockCell\t1\t0\tnone\n");
  EXPECT_EQ(to_tables(inspected_sample(), {.io = true}, false),
            "\tinput\t\tx:0\tfloat32\t[?,16]\tPlaceholder\n"
            "\toutput\t\tout:0\tfloat32\t<unknown>\tno other node takes it\n");
  EXPECT_EQ(to_tables(inspected_sample(), {.tree = true, .name_file = true}, false),
            "models/net.pb\t.\t1234\t2\t136\t544\nmodels/net.pb\tbn\t4\t1\t8\t32\n"
            "models/net.pb\tbn/deep\t1\t0\t0\t0\n");
}

TEST(InspectTables, AreSortedByNameOrSize) {
  InspectStyle style{.order = InspectOrder::size, .weights = true};
  EXPECT_THAT(to_tables(inspected_sample(), style, false), StartsWith("w\t"));
  style.order = InspectOrder::name;
  EXPECT_THAT(to_tables(inspected_sample(), style, false), StartsWith("bn/mean\t"));
  EXPECT_THAT(to_tables(inspected_sample(), {.order = InspectOrder::name, .ops = true}, false),
              HasSubstr("LSTMBlockCell\t1\t0\tnone\nMatMul"));
}

TEST(InspectTables, ShowStatistics) {
  InspectReport report = inspected_sample();
  report.graphs[0].weights[1].statistics = TensorStatistics{128, 5, 1, 2, -0.5, 0.5, 0.125, std::nullopt};
  EXPECT_EQ(to_tables(report, {.weights = true, .statistics = true}, false),
            "bn/mean\tfloat32\t[8]\t8\t32\tstatistic\t-\t-\t-\t-\t-\t-\t-\n"
            "w\tfloat32\t[16,8]\t128\t512\ttrainable\t-0.5\t0.5\t0.125\t-\t5\t1\t2\n");
}

TEST(InspectReport, EscapesEveryName) {
  InspectReport report = inspected_sample();
  InspectedGraph& graph = report.graphs[0];
  const std::string odd = "a\x1b[31m\n\tb";
  report.path = odd;
  report.files = {{odd, 1}, {odd, 2}};
  graph.tags = {odd};
  graph.tensorflow_version = graph.made_by = odd;
  graph.tools[0].example = odd;
  graph.inputs[0].name = graph.inputs[0].key = odd;
  graph.signatures = {{odd, odd, graph.inputs, graph.outputs}, {"b", "", {}, {}}};
  graph.ops[0].op = odd;
  graph.weights[0].name = graph.weights[0].keys[0] = odd;
  graph.unsure[0].node = odd;
  graph.scopes[1].name = odd + "/x";
  graph.training.blocked = {{odd, 1, odd, odd}};
  report.graphs.push_back(graph);
  report.checkpoint.emplace();
  report.checkpoint->prefix = odd;
  report.checkpoint->entries = {{odd, odd, DType::float32, Shape(), 4, odd}};
  for (const std::size_t width : {0u, 80u}) {
    const InspectStyle style{
        .verbose = true, .width = width, .weights = true, .ops = true, .io = true, .tree = true};
    for (const std::string& text : {to_text(report, style), to_tables(report, style)}) {
      EXPECT_THAT(text, Not(HasSubstr("\x1b")));
      EXPECT_THAT(text, Not(HasSubstr("\n\tb")));
    }
  }
  EXPECT_THAT(to_json(report), AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\n"))));
}

TEST(InspectJson, KeepsCountsWhole) {
  InspectReport report = inspected_sample();
  report.bytes = 3000000000000;
  const json told = json::parse(to_json(report));
  EXPECT_EQ(told["schema"], "thaw.inspect/1");
  EXPECT_EQ(told["source"]["bytes"], 3000000000000);
  EXPECT_EQ(told["nodes"], 1234);
  EXPECT_EQ(told["weights"], 2);
  EXPECT_EQ(told["parameters"], 136);
  EXPECT_EQ(told["weight_bytes"], 544);
  EXPECT_EQ(told["ops"], json({{"Const", 12}, {"LSTMBlockCell", 1}, {"MatMul", 7}}));
  EXPECT_EQ(told["function_ops"], json({{"Const", 1}}));
  EXPECT_EQ(told["gradients"], json({{"Const", "stops"}, {"LSTMBlockCell", "none"}}));
  EXPECT_EQ(told["inputs"][0]["shape"], json({nullptr, 16}));
  EXPECT_EQ(told["outputs"][0]["shape"], nullptr);
  EXPECT_EQ(told["warnings"], json({"1 constant may be a weight and was kept"}));
  EXPECT_EQ(told["checkpoint"], nullptr);
}

TEST(InspectJson, HasNullForWhatACheckpointLacks) {
  InspectReport report;
  report.checkpoint.emplace();
  report.checkpoint->weights = {1, 2, 8};
  const json told = json::parse(to_json(report));
  EXPECT_EQ(told["nodes"], nullptr);
  EXPECT_EQ(told["ops"], nullptr);
  EXPECT_EQ(told["parameters"], 2);
  EXPECT_EQ(told["inputs"], json::array());
}

}  // namespace
}  // namespace thaw
