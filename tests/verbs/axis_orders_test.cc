#include "verbs/axis_orders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum ErrorKind;

std::vector<Slot> slots() {
  const auto slot = [](const std::string& name, std::vector<std::int64_t> dims) {
    Slot made;
    made.name = name;
    made.keys = {name};
    made.dtype = DType::float32;
    made.shape = Shape(std::move(dims));
    return made;
  };
  return {slot("a/kernel", {5, 4, 2, 3}), slot("a/bias", {5}), slot("b/kernel", {6, 4})};
}

TEST(AxisOrders, ConcernEntriesWithAsManyAxes) {
  std::vector<Slot> marked = slots();
  mark_axis_orders({"a=OIHW"}, marked);
  EXPECT_THAT(marked[0].axes, ElementsAre(3, 2, 0, 1));
  EXPECT_EQ(marked[0].layout.rule, "T3");
  EXPECT_EQ(marked[0].layout.what, "HWIO as OIHW");
  EXPECT_THAT(marked[1].axes, IsEmpty());
  EXPECT_THAT(marked[2].axes, IsEmpty());
  const std::vector<Slot> turned = in_models_order(marked);
  EXPECT_EQ(turned[0].shape, Shape({2, 3, 4, 5}));
  EXPECT_EQ(turned[1].shape, Shape({5}));
}

TEST(AxisOrders, TheFirstRuleWins) {
  std::vector<Slot> marked = slots();
  mark_axis_orders({".*/kernel=OIHW:HWIO", "a/kernel=OIHW", ".*/kernel=OI"}, marked);
  EXPECT_THAT(marked[0].axes, ElementsAre(2, 3, 1, 0));
  EXPECT_EQ(marked[0].layout.what, "OIHW as HWIO");
  EXPECT_THAT(marked[2].axes, ElementsAre(1, 0));
}

TEST(AxisOrders, ValuesGoThereAndBack) {
  std::vector<Slot> there = slots(), back = slots();
  back[0].shape = Shape({2, 3, 4, 5});
  mark_axis_orders({"a=OIHW"}, there);
  mark_axis_orders({"a=OIHW:HWIO"}, back);
  std::string bytes(120 * 4, '?');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  const Value value = Value::from_bytes(DType::float32, Shape({2, 3, 4, 5}), bytes);
  const Value turned = in_targets_order(value, there[0]);
  EXPECT_EQ(turned.shape(), Shape({5, 4, 2, 3}));
  EXPECT_NE(turned.bytes(), bytes);
  EXPECT_EQ(in_targets_order(turned, back[0]).bytes(), bytes);
}

TEST(AxisOrders, WhatIsNoneIsRefused) {
  for (const char* rule : {"", "a", "=OIHW", "a=", "a=OIHX", "a=OOHW", "a=OIHW:", "a=OI:HWIO", "a=IHW:OIW",
                           "c=OIHW", "a/bias=OI", "b=OIHW"}) {
    std::vector<Slot> marked = slots();
    EXPECT_THAT([&] { mark_axis_orders({rule}, marked); }, throws_error(usage, "")) << rule;
  }
}

}  // namespace
}  // namespace thaw::internal
