#include "ops/op_slots.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "ops/op_table.h"
#include "ops/weight_slots.h"

namespace thaw::internal {
namespace {

using enum Part;

struct Slot {
  std::string_view op;
  std::uint32_t slot;
  Part part;
  int data;
};

// Orders that are easy to confuse.
constexpr std::array kWeights = std::to_array<Slot>({
    {"Conv2D", 1, kernel, 0},
    {"Conv2DBackpropInput", 1, kernel, 2},
    {"MatMul", 1, kernel, 0},
    {"MatMul", 0, kernel, 1},
    {"BiasAdd", 1, bias, 0},
    {"FusedBatchNormV3", 1, gamma, 0},
    {"FusedBatchNormV3", 2, beta, 0},
    {"FusedBatchNormV3", 3, mean, 0},
    {"FusedBatchNormV3", 4, variance, 0},
    {"BatchNormWithGlobalNormalization", 1, mean, 0},
    {"BatchNormWithGlobalNormalization", 2, variance, 0},
    {"BatchNormWithGlobalNormalization", 3, beta, 0},
    {"BatchNormWithGlobalNormalization", 4, gamma, 0},
    {"BlockLSTM", 2, initial_state, 1},
    {"BlockLSTM", 4, kernel, 1},
    {"BlockLSTM", 5, peephole, 1},
    {"BlockLSTM", 8, bias, 1},
    {"LSTMBlockCell", 3, kernel, 0},
    {"LSTMBlockCell", 7, bias, 0},
    {"GRUBlockCell", 3, kernel, 0},
    {"GRUBlockCell", 5, bias, 0},
    {"GatherV2", 0, table, 1},
    {"CudnnRNNV3", 3, opaque, 0},
    {"FakeQuantWithMinMaxVars", 2, range, 0},
    {"_FusedConv2D", 2, bias, 0},
});

TEST(OpSlots, KnowWhatAWeightIsToItsOperation) {
  for (const Slot& expected : kWeights) {
    const WeightSlot* row = find_weight_slot(expected.op, expected.slot);
    ASSERT_NE(row, nullptr) << expected.op << " " << expected.slot;
    EXPECT_EQ(row->part, expected.part) << expected.op << " " << expected.slot;
    EXPECT_EQ(row->data_slot, expected.data) << expected.op << " " << expected.slot;
  }
}

TEST(OpSlots, KnowNoOthers) {
  constexpr std::array kNone =
      std::to_array<std::pair<std::string_view, std::uint32_t>>({{"Conv2D", 0},
                                                                 {"Conv2D", 2},
                                                                 {"BiasAdd", 0},
                                                                 {"GatherV2", 1},
                                                                 {"GatherV2", 2},
                                                                 {"BlockLSTM", 0},
                                                                 {"BlockLSTM", 1},
                                                                 {"Add", 1},
                                                                 {"", 0},
                                                                 {"Conv", 1},
                                                                 {"Conv2DX", 1},
                                                                 {"Conv2D", 257},
                                                                 {"MatMul", 4294967295u}});
  for (const auto& [op, slot] : kNone) EXPECT_EQ(find_weight_slot(op, slot), nullptr) << op << " " << slot;
}

// The data argument stands beside the weight, and both are arguments of the operation, which takes floats
// there.
TEST(OpSlots, FitTheOperationsAsTensorFlowDeclaresThem) {
  for (const Slot& expected : kWeights) {
    const OpInfo* info = find_op(expected.op);
    if (info == nullptr || !info->inputs.all_single()) continue;
    EXPECT_LT(expected.slot, info->inputs.size()) << expected.op;
    EXPECT_LT(static_cast<std::size_t>(expected.data), info->inputs.size()) << expected.op;
    EXPECT_EQ(info->inputs[expected.slot].type == 0 || info->inputs[expected.slot].type == 1, true)
        << expected.op;
  }
}

struct StructuralCase {
  std::string_view op;
  std::uint32_t inputs;
  std::string_view slots;  // of the first inputs: '#' is structural
};

TEST(OpSlots, TellNumbersOfTheProgram) {
  constexpr std::array kCases = std::to_array<StructuralCase>({{"Reshape", 2, ".#"},
                                                               {"Transpose", 2, ".#"},
                                                               {"Fill", 2, "##"},
                                                               {"Slice", 3, ".##"},
                                                               {"StridedSlice", 4, ".###"},
                                                               {"ConcatV2", 4, "...#"},
                                                               {"ConcatV2", 3, "..#"},
                                                               {"Concat", 3, "#.."},
                                                               {"Split", 2, "#."},
                                                               {"SplitV", 3, ".##"},
                                                               {"Conv2DBackpropInput", 3, "#.."},
                                                               {"GatherV2", 3, "..#"},
                                                               {"Range", 3, "###"},
                                                               {"ExpandDims", 2, ".#"},
                                                               {"Mean", 2, ".#"},
                                                               {"PadV2", 3, ".##"},
                                                               {"ClipByValue", 3, ".##"},
                                                               {"SaveV2", 5, "###.."},
                                                               {"MatMul", 2, ".."},
                                                               {"Unheard", 2, ".."},
                                                               {"", 1, "."}});
  for (const StructuralCase& one : kCases) {
    std::string slots;
    for (std::uint32_t slot = 0; slot < one.inputs; ++slot)
      slots += is_structural_slot(one.op, slot, one.inputs) ? '#' : '.';
    EXPECT_EQ(slots, one.slots) << one.op;
  }
  EXPECT_FALSE(is_structural_slot("Range", 100, 3));
  EXPECT_FALSE(is_structural_slot("MatMul", 0xFFFFFFFF, 2));
}

TEST(OpSlots, LetWeightsThrough) {
  struct Case {
    std::string_view op;
    std::uint32_t inputs;
    std::string_view slots;  // '>' lets through
  };
  constexpr std::array kCases = std::to_array<Case>({{"Identity", 1, ">"},
                                                     {"Reshape", 2, ">."},
                                                     {"Enter", 1, ">"},
                                                     {"Switch", 2, ">."},
                                                     {"Split", 2, ".>"},
                                                     {"ConcatV2", 3, ">>."},
                                                     {"Concat", 3, ".>>"},
                                                     {"Pack", 3, ">>>"},
                                                     {"IdentityN", 2, ">>"},
                                                     {"FakeQuantWithMinMaxVars", 3, ">.."},
                                                     {"Tile", 2, ">."},
                                                     {"Add", 2, ".."},
                                                     {"SpaceToBatchND", 3, "..."},
                                                     {"Merge", 2, ".."}});
  for (const Case& one : kCases) {
    std::string slots;
    for (std::uint32_t slot = 0; slot < one.inputs; ++slot)
      slots += is_transparent(one.op, slot, one.inputs) ? '>' : '.';
    EXPECT_EQ(slots, one.slots) << one.op;
  }
}

TEST(OpSlots, TellKindsOfOperations) {
  const auto kinds = [](std::string_view op) {
    std::string text;
    if (is_arithmetic(op)) text += "arithmetic ";
    if (is_elementwise_unary(op)) text += "unary ";
    if (keeps_channels(op)) text += "channels ";
    if (is_call(op)) text += "call ";
    if (is_random(op)) text += "random ";
    return text;
  };
  EXPECT_EQ(kinds("AddV2"), "arithmetic ");
  EXPECT_EQ(kinds("RealDiv"), "arithmetic ");
  EXPECT_EQ(kinds("Relu"), "unary ");
  EXPECT_EQ(kinds("MaxPool"), "channels ");
  EXPECT_EQ(kinds("BiasAdd"), "channels ");
  EXPECT_EQ(kinds("StatelessWhile"), "call ");
  EXPECT_EQ(kinds("RandomUniformInt"), "random ");
  EXPECT_EQ(kinds("StatelessRandomNormal"), "random ");
  EXPECT_EQ(kinds("Multinomial"), "random ");
  EXPECT_EQ(kinds("Const"), "");
}

}  // namespace
}  // namespace thaw::internal
