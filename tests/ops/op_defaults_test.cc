#include "ops/op_defaults.h"

#include <gtest/gtest.h>

#include "compare/attr_text.h"
#include "ops/op_table.h"

namespace thaw::internal {
namespace {

struct Known {
  const char* op;
  const char* key;
  const char* text;  // null: none
};

class KnownDefaults : public testing::TestWithParam<Known> {};

TEST_P(KnownDefaults, AreAsTensorFlowDeclaresThem) {
  const auto preset = default_attr(GetParam().op, GetParam().key);
  ASSERT_EQ(preset.has_value(), GetParam().text != nullptr);
  if (preset) {
    EXPECT_EQ(attr_text(*preset), GetParam().text);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, KnownDefaults,
    testing::Values(Known{"MatMul", "transpose_a", "false"}, Known{"MatMul", "T", nullptr},
                    Known{"Conv2D", "data_format", "'NHWC'"}, Known{"Conv2D", "dilations", "[1,1,1,1]"},
                    Known{"Conv2D", "explicit_paddings", "[]"}, Known{"Conv2D", "padding", nullptr},
                    Known{"ArgMax", "output_type", "int64"}, Known{"ArgMax", "Tidx", "int32"},
                    Known{"FusedBatchNorm", "epsilon", "1e-04"},
                    Known{"FusedBatchNormV3", "is_training", "true"},
                    Known{"LSTMBlockCell", "forget_bias", "1"}, Known{"Placeholder", "shape", "<unknown>"},
                    Known{"VarHandleOp", "shared_name", "''"}, Known{"While", "parallel_iterations", "10"},
                    Known{"While", "output_shapes", "[]"}, Known{"NoOp", "x", nullptr},
                    Known{"ZipFile", "x", nullptr}, Known{"MyOwnOp", "T", nullptr},
                    Known{"Resampler", "T", nullptr}));

TEST(OpDefaults, FollowTheOrderOfTheOpTable) {
  // The last of a long table: a row too many or too few before it would show.
  ASSERT_NE(find_op("_TPUCompileMlir"), nullptr);
  const auto preset = default_attr("ZipDataset", "metadata");
  ASSERT_TRUE(preset.has_value());
  EXPECT_EQ(attr_text(*preset), "''");
}

}  // namespace
}  // namespace thaw::internal
