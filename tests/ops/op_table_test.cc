#include "ops/op_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;

// "x:T", "&ref:T", "values:T*N", "args:[Targs]", "shape:3", "axis:Tidx=3": one argument as a word.
std::vector<std::string> words(ArgList list) {
  std::vector<std::string> result;
  for (const ArgInfo arg : list) {
    std::string word = (arg.is_ref ? "&" : "") + std::string(arg.name) + ":";
    if (!arg.type_list_attr.empty()) word += "[" + std::string(arg.type_list_attr) + "]";
    word += arg.type != 0 ? std::to_string(arg.type) : std::string(arg.type_attr);
    if (arg.default_type != 0) word += "=" + std::to_string(arg.default_type);
    if (!arg.number_attr.empty()) word += "*" + std::string(arg.number_attr);
    result.push_back(word);
  }
  return result;
}

struct KnownOp {
  const char* op;
  Gradient gradient;
  bool stateful;
  std::vector<std::string> inputs, outputs;
};

class KnownOps : public testing::TestWithParam<KnownOp> {};

TEST_P(KnownOps, AreAsTensorFlowDeclaresThem) {
  const KnownOp& known = GetParam();
  const OpInfo* op = find_op(known.op);
  ASSERT_NE(op, nullptr);
  EXPECT_EQ(op->name(), known.op);
  EXPECT_EQ(op->gradient, known.gradient);
  EXPECT_EQ(op->stateful, known.stateful);
  EXPECT_EQ(words(op->inputs), known.inputs);
  EXPECT_EQ(words(op->outputs), known.outputs);
}

using Words = std::vector<std::string>;
const Gradient kNone = Gradient::none, kRegistered = Gradient::registered,
               kStops = Gradient::not_differentiable;

INSTANTIATE_TEST_SUITE_P(
    Table, KnownOps,
    testing::Values(
        KnownOp{"A", kNone, false, {}, {"out:1"}},
        KnownOp{"MatMul", kRegistered, false, {"a:T", "b:T"}, {"product:T"}},
        KnownOp{"ArgMax", kStops, false, {"input:T", "dimension:Tidx=3"}, {"output:output_type=9"}},
        KnownOp{"LSTMBlockCell",
                kNone,
                false,
                {"x:T", "cs_prev:T", "h_prev:T", "w:T", "wci:T", "wcf:T", "wco:T", "b:T"},
                {"i:T", "cs:T", "f:T", "o:T", "ci:T", "co:T", "h:T"}},
        KnownOp{"Const", kStops, false, {}, {"output:dtype"}},
        KnownOp{"Identity", kRegistered, false, {"input:T"}, {"output:T"}},
        KnownOp{"ConcatV2", kRegistered, false, {"values:T*N", "axis:Tidx=3"}, {"output:T"}},
        KnownOp{"IdentityN", kRegistered, false, {"input:[T]"}, {"output:[T]"}},
        KnownOp{"Assign", kStops, false, {"&ref:T", "value:T"}, {"&output_ref:T"}},
        KnownOp{"VariableV2", kNone, true, {}, {"&ref:dtype"}},
        KnownOp{"VarHandleOp", kNone, true, {}, {"resource:20"}},
        KnownOp{"RandomUniform", kStops, true, {"shape:T"}, {"output:dtype"}},
        KnownOp{"PreventGradient", kNone, false, {"input:T"}, {"output:T"}},
        KnownOp{"NoOp", kNone, false, {}, {}},
        KnownOp{"Switch", kRegistered, false, {"data:T", "pred:10"}, {"output_false:T", "output_true:T"}},
        KnownOp{"Merge", kRegistered, false, {"inputs:T*N"}, {"output:T", "value_index:3"}},
        KnownOp{"SaveV2",
                kNone,
                true,
                {"prefix:7", "tensor_names:7", "shape_and_slices:7", "tensors:[dtypes]"},
                {}},
        KnownOp{"__MklDummyPadWithFusedConv2D",
                kNone,
                false,
                {"input:T", "filter:T", "args:T*num_args", "paddings:Tpaddings=3"},
                {"output:T", "filter_output:T", "mkl_output:4", "mkl_filter_output:4"}}),
    [](const auto& known) { return std::string(known.param.op); });

TEST(OpTable, DoesNotKnowWhatTensorFlowDoesNotDeclare) {
  for (const char* op : {"", "0", "AA", "matmul", "MatMul2", "MatMu", "zzz", "ProdEnvMatA", "\xff"}) {
    EXPECT_EQ(find_op(op), nullptr) << op;
  }
  EXPECT_EQ(find_op(std::string_view("MatMul\0", 7)), nullptr);
}

TEST(OpTable, MarksOpsThatTensorFlowDropped) {
  const OpInfo* op = find_op("Resampler");
  ASSERT_NE(op, nullptr);
  EXPECT_TRUE(op->retired);
  EXPECT_THAT(words(op->inputs), ElementsAreArray({"data:T", "warp:T"}));
  EXPECT_FALSE(find_op("Conv2D")->retired);
}

TEST(OpTable, TellsFixedCountsFromCountsThatANodeDecides) {
  EXPECT_TRUE(find_op("Conv2D")->inputs.all_single());
  EXPECT_TRUE(find_op("NoOp")->outputs.all_single());
  EXPECT_FALSE(find_op("Pack")->inputs.all_single());
  EXPECT_FALSE(find_op("While")->outputs.all_single());
  EXPECT_FALSE(find_op("SaveV2")->inputs[3].is_single());
  EXPECT_TRUE(find_op("SaveV2")->inputs[2].is_single());
}

// Every declared argument says where its type comes from, and never in two ways.
TEST(OpTable, GivesEveryArgumentOneType) {
  const OpInfo* op = find_op("A");
  std::size_t seen = 0;
  for (const OpInfo* next = op; next->name() != "__MklDummyPadWithFusedConv2D"; ++next, ++seen) {
    ASSERT_EQ(find_op(next->name()), next);
    for (const ArgList& side : {next->inputs, next->outputs}) {
      for (const ArgInfo arg : side) {
        const int ways = (arg.type != 0) + !arg.type_attr.empty() + !arg.type_list_attr.empty();
        EXPECT_EQ(ways, 1) << next->name() << " " << arg.name;
        EXPECT_FALSE(arg.name.empty()) << next->name();
        EXPECT_LE(arg.type, 33) << next->name();
      }
    }
  }
  EXPECT_GT(seen, 1900U);
  EXPECT_EQ(op_table_version().substr(0, 2), "2.");
}

}  // namespace
}  // namespace thaw::internal
