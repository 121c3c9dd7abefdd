#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "thaw/diff.h"

namespace thaw {
namespace {

using testing::HasSubstr;
using testing::Not;

WeightDifference weight(WeightChange change, const std::string& name) {
  WeightDifference found;
  found.change = change;
  found.name = name;
  found.dtype_a = found.dtype_b = DType::float32;
  found.shape_a = found.shape_b = Shape({3, 2});
  return found;
}

DiffReport sample() {
  DiffReport report;
  report.a = {"a.pb", "frozen GraphDef", 166341, 46, 14};
  report.b = {"b\x1b.pb", "frozen GraphDef", 166400, 47, 14};
  report.weights_compared = report.graph_compared = true;
  report.weights_equal = 12;
  report.weights = {weight(WeightChange::values, "w"), weight(WeightChange::shape, "s"),
                    weight(WeightChange::only_b, "slot"), weight(WeightChange::renamed, "old")};
  report.weights[0].delta = ValueDelta{6, 2, 0, 1, 0.125, 0.5};
  report.weights[1].shape_b = Shape({4});
  report.weights[2].state = "slot of Adam";
  report.weights[2].expected = true;
  report.weights[3].other_name = "new";
  NodesDifference& nodes = report.graph.nodes;
  nodes.equal = 43;
  nodes.added = {{"more", "Relu"}};
  nodes.removed = {{"less", "Tanh"}};
  nodes.changed = {
      {"n",
       "",
       "Add",
       {{NodePart::op, "", "Add", "AddV2", {}},
        {NodePart::input, "1", "x", "", {}},
        {NodePart::control, "", "", "^x", {}},
        {NodePart::value, "value", "float32 [9]", "float32 [9]", ValueDelta{9, 9, 0, 0, 0.0, 0.0}}}}};
  report.graph.functions_equal = 2;
  report.graph.functions_renamed = {{"f", "g"}};
  report.graph.versions = {{NodePart::attribute, "producer", "24", "27", {}}};
  return report;
}

TEST(DiffReport, Text) {
  EXPECT_EQ(to_text(sample()), R"(a.pb  frozen GraphDef, 166.3 kB, 46 nodes, 14 weights
b\x1b.pb  frozen GraphDef, 166.4 kB, 47 nodes, 14 weights
  weights   12 equal, 1 changed, 1 of another shape, 1 under another name
  changed   w  float32 [3,2]: 2 of 6 elements, max |Δ| 0.125, relative 0.5, 1 NaN or infinite
  shape     s  float32 [3,2] -> float32 [4]
  renamed?  old is new in B: the same bits
  others    1 slot of Adam only in B
  graph     43 nodes equal, 1 changed, 1 only in A, 1 only in B
  only in A less  Tanh
  only in B more  Relu
  changed   n  op Add -> AddV2
            n  input 1: x -> none
            n  waits for ^x
            n  value: all 9 elements, in signs of zero only
  functions 2 equal (1 under another name)
  versions  producer: 24 -> 27
)");
}

TEST(DiffReport, Counts) {
  DiffStyle style;
  style.stat = true;
  EXPECT_EQ(to_text(sample(), style), R"(a.pb  frozen GraphDef, 166.3 kB, 46 nodes, 14 weights
b\x1b.pb  frozen GraphDef, 166.4 kB, 47 nodes, 14 weights
  weights   12 equal, 1 changed, 1 of another shape, 1 under another name
  others    1 slot of Adam only in B
  graph     43 nodes equal, 1 changed, 1 only in A, 1 only in B
  functions 2 equal (1 under another name)
  versions  1 difference
)");
}

TEST(DiffReport, ScreensAreShort) {
  DiffReport report = sample();
  for (int i = 0; i < 100; ++i)
    report.weights.push_back(weight(WeightChange::only_a, "w" + std::to_string(i)));
  EXPECT_THAT(to_text(report), HasSubstr("and 92 more (-v lists them)"));
  EXPECT_THAT(to_text(report), Not(HasSubstr("w99")));
  DiffStyle verbose;
  verbose.verbose = true;
  EXPECT_THAT(to_text(report, verbose), HasSubstr("w99"));
  EXPECT_THAT(to_text(report, verbose), HasSubstr("slot  float32 [3,2]  slot of Adam"));
}

TEST(DiffReport, Json) {
  const auto json = nlohmann::json::parse(to_json(sample()));
  EXPECT_EQ(json["schema"], "thaw.diff/1");
  EXPECT_EQ(json["differs"], true);
  EXPECT_EQ(json["b"]["path"], "b\x1b.pb");
  EXPECT_EQ(json["weights"]["differences"][0]["delta"]["largest"], 0.125);
  EXPECT_TRUE(json["weights"]["differences"][1]["delta"].is_null());
  EXPECT_EQ(json["weights"]["differences"][2]["state"], "slot of Adam");
  EXPECT_EQ(json["graph"]["changed"][0]["parts"].size(), 4u);
  EXPECT_TRUE(json["graph"]["changed"][0]["parts"][1]["to"].is_null());
  EXPECT_EQ(json["graph"]["functions"]["renamed"][0]["other_name"], "g");
}

TEST(DiffReport, WhatIsExpectedIsNoDifference) {
  DiffReport report;
  EXPECT_FALSE(report.differs());
  report.weights = {weight(WeightChange::only_b, "slot")};
  EXPECT_TRUE(report.differs());
  report.weights[0].expected = true;
  EXPECT_FALSE(report.differs());
  report.graph.frozen = report.graph.left_out = 7;
  report.graph.functions_renamed = {{"f", "g"}};
  EXPECT_FALSE(report.differs());
  report.graph.versions = {{NodePart::attribute, "producer", "24", "27", {}}};
  EXPECT_TRUE(report.differs());
}

}  // namespace
}  // namespace thaw
