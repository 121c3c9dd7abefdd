#include "weights/tool_marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/graph_text.h"

namespace thaw::internal {
namespace {

using testing::HasSubstr;

struct MarkCase {
  const char* tool;
  const char* graph;
  std::size_t count;
};

TEST(ToolMarks, AreToldByNamesAndOperations) {
  const MarkCase cases[] = {
      {"TensorFlow 1's freezer", "w = Const f32[2]\n w/read = Identity:f32 w", 1},
      {"resource variables", "w = Const f32[2]\n a/ReadVariableOp_3 = Identity:f32 w", 1},
      {"TensorFlow 2's freezer", "a/ReadVariableOp/resource = Const f32[2]", 1},
      {"TensorFlow 2's freezer", "model_dense_matmul_readvariableop_resource = Const f32[2]", 1},
      {"inliner", "Func/a/input/_0 = Const f32[]\n Func/a/output/_1 = Identity:f32 Func/a/input/_0", 2},
      {"fold_constants", "w/read/_2__cf__2 = Const f32[2]", 1},
      {"optimize_for_inference", "conv_bn_offset = Const f32[2]", 1},
      {"grappler", "ConstantFolding/x = Const f32[2]\n a/merged_input = Const f32[2]", 2},
      {"remapper", "x = Const f32[2]\n y = _FusedMatMul:f32 x x", 1},
      {"TensorFlow.js", "x = Const f32[2]\n y = Prelu:f32 x x", 1},
      {"quantize_weights", "w = Const quint8[2]\n d = Dequantize w", 1},
      {"quantize_nodes", "x_eightbit/min = Const f32[]", 1},
      {"aware", "x = Const f32[2]\n y = FakeQuantWithMinMaxVars x x x", 1},
      {"TensorRT", "x = Const f32[2]\n y = TRTEngineOp x", 1},
      {"Keras", "a/keras_learning_phase = Const bool[]", 1},
      {"Keras", "keras_tensor_3 = Placeholder f32[?,2]", 1},
      {"tf.gradients", "gradients/Shape = Const i32[1]", 1},
      {"Saver", "save/Const = Const str[]\n save/SaveV2 = SaveV2 save/Const save/Const save/Const", 1},
  };
  for (const MarkCase& each : cases) {
    const std::vector<ToolMark> marks = find_tool_marks(*graph_text::graph_of(each.graph));
    ASSERT_EQ(marks.size(), 1u) << each.graph;
    EXPECT_THAT(marks[0].tool, HasSubstr(each.tool));
    EXPECT_EQ(marks[0].count, each.count) << each.graph;
    EXPECT_THAT(each.graph, HasSubstr(marks[0].example + " = "));
  }
}

TEST(ToolMarks, AreNotSeenInWhatProgramsWrite) {
  EXPECT_TRUE(find_tool_marks(*graph_text::graph_of(R"(
    x = Placeholder f32[?,2]
    c = Const f32[2]
    x/read = Identity:f32 x
    other/read = Identity:f32 c
    y = Add:f32 x c
  )"))
                  .empty());
}

}  // namespace
}  // namespace thaw::internal
