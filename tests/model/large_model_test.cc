// Models above 2 and 4 GiB, whose bytes are made up while they are read.
#include <gtest/gtest.h>

#include "model/model.h"
#include "support/endless_model.h"

namespace thaw::internal {
namespace {

TEST(LargeModel, IsOpenedByReadingItsSkeletonOnly) {
  const auto file = std::make_shared<const EndlessModel>(4, 32768, 12288);  // 1.5 GiB each
  ASSERT_GT(file->size(), std::uint64_t{6} << 30);
  const Model model = open_model(file);
  EXPECT_EQ(model.kind, FileKind::graph_def);
  ASSERT_EQ(model.graph->node_count(), 13u);
  EXPECT_LT(file->bytes_read(), 1u << 20);
  EXPECT_LT(model.graph->skeleton_bytes(), 2000u);
}

TEST(LargeModel, ReadsWeightsBehindTheFourthGigabyte) {
  const auto file = std::make_shared<const EndlessModel>(4, 32768, 12288);
  const Model model = open_model(file);
  const NodeId last = model.graph->find("w3");
  ASSERT_NE(last, kNoNode);
  EXPECT_GT(model.graph->field(last).at, std::uint64_t{1} << 32);
  const Value value = model.graph->tensor(last, "value").value;
  EXPECT_EQ(value.shape(), Shape({32768, 12288}));
  EXPECT_EQ(value.byte_size(), std::uint64_t{3} << 29);
  const std::uint64_t at = value.byte_size() - 1000;
  std::string bytes(1000, '?'), expected(1000, '?');
  value.open(at)->read(std::as_writable_bytes(std::span(bytes)));
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = endless_byte(at + i);
  EXPECT_TRUE(bytes == expected);
}

// One tensor above 2 GiB: no protobuf library takes such a field.
TEST(LargeModel, TakesASingleTensorAbove2GiB) {
  const auto file = std::make_shared<const EndlessModel>(1, 65536, 16384);
  const Model model = open_model(file);
  const NodeId w = model.graph->find("w0");
  EXPECT_EQ(model.graph->tensor(w, "value").value.byte_size(), std::uint64_t{1} << 32);
  const Recipe field = encode_graph_node(model.graph->node_def(w));
  EXPECT_EQ(field.size(), model.graph->field(w).size);
}

}  // namespace
}  // namespace thaw::internal
