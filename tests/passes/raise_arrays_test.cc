// TensorArrays become TensorLists, operation by operation, or stay.
#include <gmock/gmock.h>

#include "passes/raised.h"

namespace thaw::internal {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// Something else to raise; and an array `a` of `dtype` and shape (2,3).
std::string array_text(const std::string& ops) {
  return graph_text::cond_text() + R"(
  n = Const i32[] = 4
  i = Const i32[] = 1
  is = Const i32[2] = 0 1
  ls = Const i64[2] = 1 1
  v = Placeholder f32[2,3]
  a = TensorArrayV3 n | dtype=:f32 element_shape=(2,3) dynamic_size=true
)" + ops;
}

std::string raised_line(const std::string& ops, const std::string& name) {
  const RaisedGraph done = raise_text(array_text(ops));
  EXPECT_EQ(done.raised.arrays, 1U);
  EXPECT_THAT(done.ops(), Not(Contains(HasSubstr("TensorArray"))));
  return done.line(name);
}

TEST(RaiseArrays, ReservesAList) {
  const RaisedGraph done = raise_text(array_text("  s = TensorArraySizeV3 a a:1\n"));
  EXPECT_EQ(done.line("a"), "a = TensorListReserve a/thaw_shape n | element_dtype=:f32 shape_type=:i32");
  EXPECT_EQ(done.line("a/thaw_shape"), "a/thaw_shape = Const | dtype=:i32 value=i32[2]{2 3}");
  EXPECT_EQ(done.line("s"), "s = TensorListLength a");
}

TEST(RaiseArrays, TurnsEveryOperation) {
  EXPECT_EQ(raised_line("  w1 = TensorArrayWriteV3:f32 a i v a:1\n", "w1"),
            "w1 = TensorListSetItem a i v | element_dtype=:f32 resize_if_index_out_of_bounds=true");
  EXPECT_EQ(raised_line("  r = TensorArrayReadV3 a i a:1 | dtype=:f32\n", "r"),
            "r = TensorListGetItem a i r/thaw_shape | element_dtype=:f32");
  EXPECT_EQ(raised_line("  s = TensorArrayScatterV3:f32 a is v a:1\n", "s"),
            "s = TensorListScatterIntoExistingList a v is | element_dtype=:f32");
  EXPECT_EQ(raised_line("  g = TensorArrayGatherV3 a is a:1 | dtype=:f32\n", "g"),
            "g = TensorListGather a is g/thaw_shape | element_dtype=:f32");
  EXPECT_EQ(raised_line("  s = TensorArraySplitV3:f32 a v ls a:1\n", "s"),
            "s = TensorListSplit v s/thaw_shape ls | element_dtype=:f32 shape_type=:i32");
  EXPECT_EQ(raised_line("  c = TensorArrayConcatV3 a a:1 | dtype=:f32\n", "c"),
            "c = TensorListConcatV2 a c/thaw_shape c/thaw_lengths | element_dtype=:f32 shape_type=:i32");
  EXPECT_EQ(raised_line("  c = TensorArrayCloseV3 a\n", "c"), "c = NoOp ^a");
}

TEST(RaiseArrays, ConcatenatesAnyNumberOfRows) {
  const RaisedGraph done = raise_text(array_text("  c = TensorArrayConcatV3 a a:1 | dtype=:f32\n"));
  EXPECT_EQ(done.line("c/thaw_shape"), "c/thaw_shape = Const | dtype=:i32 value=i32[2]{-1 3}");
  EXPECT_EQ(done.line("c/thaw_lengths"), "c/thaw_lengths = Const | dtype=:i64 value=i64[0]{}");
}

TEST(RaiseArrays, FollowsTheFlowIntoBranches) {
  const RaisedGraph done = raise_text(array_text(R"(
  h = Switch:resource a cond/pred_id
  f = Switch:f32 a:1 cond/pred_id
  k = Switch:i32 i cond/pred_id
  r = TensorArrayReadV3 h:1 k:1 f:1 | dtype=:f32
  z = Switch:f32 v cond/pred_id
  m = Merge:f32 z r | N=2
)"));
  EXPECT_EQ(done.raised.arrays, 1U);
  EXPECT_EQ(done.raised.conds, 2U);
  EXPECT_FALSE(done.has("h"));
  EXPECT_FALSE(done.has("f"));
  EXPECT_THAT(done.function("f_thaw_if_then"), Contains(HasSubstr("r = TensorListGetItem")));
}

TEST(RaiseArrays, NeedNoLoopsAndBranches) {
  const RaisedGraph done = raise_text(R"(
  n = Const i32[] = 4
  i = Const i32[] = 1
  v = Placeholder f32[2,3]
  a = TensorArrayV3 n | dtype=:f32
  w = TensorArrayWriteV3:f32 a i v a:1
  r = TensorArrayReadV3 a i w | dtype=:f32
)");
  EXPECT_EQ(done.raised.arrays, 1U);
  EXPECT_EQ(done.line("w"),
            "w = TensorListSetItem a i v | element_dtype=:f32 resize_if_index_out_of_bounds=false");
  EXPECT_EQ(done.line("r"), "r = TensorListGetItem w i r/thaw_shape | element_dtype=:f32");
}

// The flow of an array of TensorFlow 0.12 begins with a constant, and TensorFlow 0.9 had Pack and Unpack.
std::string older_text(const std::string& op, const std::string& version) {
  std::string text = R"(
  n = Const i32[] = 4
  i = Const i32[] = 1
  zero = Const f32[] = 0
  v = Placeholder f32[2,3]
  a = OP n | dtype=:f32
  u = TensorArrayUnpack:f32 a v zero
  w = TensorArrayWriteVERSION:f32 a i v u
  p = TensorArrayPack a w | dtype=:f32 element_shape=(2,3)
  c = TensorArrayConcatVERSION a w | dtype=:f32
)";
  text.replace(text.find("OP n"), 2, op);
  for (std::size_t at; (at = text.find("VERSION")) != std::string::npos;) text.replace(at, 7, version);
  return text;
}

TEST(RaiseArrays, RaisesThoseOfOlderReleases) {
  for (const auto& [op, version] : {std::pair{"TensorArrayV2", "V2"}, std::pair{"TensorArray", ""}}) {
    const RaisedGraph done = raise_text(older_text(op, version));
    EXPECT_EQ(done.raised.arrays, 1U) << op;
    EXPECT_EQ(done.line("u"), "u = TensorListFromTensor v u/thaw_shape | element_dtype=:f32 shape_type=:i32");
    EXPECT_EQ(done.line("w"),
              "w = TensorListSetItem u i v | element_dtype=:f32 resize_if_index_out_of_bounds=false");
    EXPECT_EQ(done.line("p"), "p = TensorListStack w p/thaw_shape | element_dtype=:f32");
    EXPECT_THAT(done.ops(), Not(Contains(HasSubstr("TensorArray"))));
  }
}

TEST(RaiseArrays, LeavesOlderOnesThatShareTheirBeginning) {
  const std::string text = older_text("TensorArrayV2", "V2");
  const std::string array = "  b = TensorArrayV2 n | dtype=:f32\n  x = TensorArrayWriteV2:f32 b i v zero\n";
  EXPECT_EQ(raise_text(text + array).raised.arrays, 0U);
  EXPECT_EQ(raise_text(text + "  x = Tanh:f32 zero\n").raised.arrays, 0U);
}

struct Staying {
  const char* what;
  const char* ops;
};

class RaiseNoArray : public testing::TestWithParam<Staying> {};

TEST_P(RaiseNoArray, ThatIsNotOnlyAnArray) {
  const RaisedGraph done = raise_text(array_text(GetParam().ops));
  EXPECT_EQ(done.raised.arrays, 0U);
  EXPECT_EQ(done.raised.conds, 1U);
  EXPECT_THAT(done.ops(), Contains("TensorArrayV3"));
}

INSTANTIATE_TEST_SUITE_P(
    All, RaiseNoArray,
    testing::Values(Staying{"flow_is_a_number", "  s = Tanh:f32 a:1\n"},
                    Staying{"handle_is_read", "  s = ReadVariableOp a | dtype=:f32\n"},
                    Staying{
                        "two_write_to_one_state",
                        "  w1 = TensorArrayWriteV3:f32 a i v a:1\n  w2 = TensorArrayWriteV3:f32 a n v a:1\n"},
                    Staying{"flow_from_elsewhere",
                            "  q = Placeholder f32[]\n  r = TensorArrayReadV3 a i q | dtype=:f32\n"},
                    Staying{"gradient", "  g = TensorArrayGradV3 a a:1 | source=x\n"}),
    [](const auto& tested) { return tested.param.what; });

}  // namespace
}  // namespace thaw::internal
