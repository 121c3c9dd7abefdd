// Slots of graphs: names, keys, and what initialisers give.
#include "target/graph_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "support/graph_text.h"
#include "support/throws_error.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

struct Declared {
  std::string name;
  bool trainable = true;
};

Model model_of(const std::string& text, const std::vector<Declared>& declared = {}) {
  std::string graph = graph_text::graph_bytes(text), file, all, trained;
  for (const Declared& variable : declared) {
    std::string def;
    MessageWriter(def).bytes(1, variable.name + ":0").bytes(2, variable.name + "/Assign");
    MessageWriter(all).bytes(1, def);
    if (variable.trainable) MessageWriter(trained).bytes(1, def);
  }
  MessageWriter(file).bytes(2, graph);
  for (const auto& [name, list] : {std::pair("variables", all), std::pair("trainable_variables", trained)}) {
    std::string collection, entry;
    MessageWriter(collection).bytes(2, list);
    MessageWriter(entry).bytes(1, name).bytes(2, collection);
    MessageWriter(file).bytes(4, entry);
  }
  return open_model(memory_source(declared.empty() ? graph : file, "m.meta"));
}

float first_number(const Value& value) {
  float number = 0;
  value.open()->read(std::as_writable_bytes(std::span(&number, 1)));
  return number;
}

TEST(GraphTarget, TakesDeclaredVariablesInTheirOrder) {
  const std::string text = R"(
    b = VariableV2 | dtype=:f32 shape=(3)
    a = VarHandleOp | dtype=:f32 shape=(2,3) shared_name=a
    local = VariableV2 | dtype=:f32 shape=(1)
  )";
  const std::vector<Slot> slots = graph_slots(model_of(text, {{"b", false}, {"a", true}}), {});
  ASSERT_EQ(slots.size(), 2u);
  EXPECT_EQ(slots[0].name, "b");
  EXPECT_EQ(slots[0].trainable, false);
  EXPECT_EQ(slots[1].name, "a");
  EXPECT_EQ(slots[1].trainable, true);
  EXPECT_EQ(slots[1].shape, Shape({2, 3}));
  EXPECT_FALSE(slots[1].initial);
}

TEST(GraphTarget, TakesAllVariablesOfAGraphDef) {
  const std::vector<Slot> slots = graph_slots(model_of("v = VariableV2 | dtype=:i64 shape=()\n"), {});
  ASSERT_EQ(slots.size(), 1u);
  EXPECT_EQ(slots[0].dtype, DType::int64);
  EXPECT_EQ(slots[0].trainable, std::nullopt);
}

TEST(GraphTarget, AsksTheSaverForKeys) {
  const std::vector<Slot> slots = graph_slots(model_of(R"(
    v = VariableV2 | dtype=:f32 shape=(1)
    r = VarHandleOp | dtype=:f32 shape=(1)
    r/read = ReadVariableOp r
    p = Const str[] = x
    names = Const str[2] = old/v old/r
    slices = Const str[2] = _ _
    save = SaveV2 p names slices v r/read
  )"),
                                              {});
  ASSERT_EQ(slots.size(), 2u);
  EXPECT_THAT(slots[0].keys, testing::ElementsAreArray({"old/v"}));
  EXPECT_THAT(slots[1].keys, testing::ElementsAreArray({"old/r"}));
}

struct InitialCase {
  const char* nodes;
  std::optional<float> number;
  bool random = false;
};

const InitialCase kInitials[] = {
    {"i = Const f32[2] splat 0.5", 0.5f},
    {"c = Const f32[2] = 7 8\n i = Identity:f32 c", 7.0f},
    {"s = Const i32[1] = 2\n e = Const f32[] = 0.25\n i = Fill:f32 s e", 0.25f},
    {"s = Const i32[1] = 2\n i = RandomUniform:i32 s | dtype=:f32", std::nullopt, true},
    {"s = Const i32[1] = 2\n d = Const f32[] = 0.1\n m = Const f32[] = 3\n t = TruncatedNormal:i32 s\n"
     "u = Mul:f32 t d\n i = AddV2:f32 u m",
     std::nullopt, true},
    {"c = Const f32[3] = 7 8 9\n i = Identity:f32 c", std::nullopt},
    {"c = Const f32[2] = 7 8\n d = Const f32[] = 2\n i = Mul:f32 c d", std::nullopt},
    {"i = Placeholder f32[2]", std::nullopt},
};

TEST(GraphTarget, TellsWhatInitialisersGive) {
  for (const InitialCase& row : kInitials) {
    const std::string text =
        std::string(row.nodes) +
        "\n v = VariableV2 | dtype=:f32 shape=(2)\n"
        "restored = RestoreV2\n save/Assign = Assign:f32 v restored\n v/Assign = Assign:f32 v i\n";
    const Slot slot = graph_slots(model_of(text), {}).at(0);
    EXPECT_EQ(slot.random, row.random) << row.nodes;
    ASSERT_EQ(slot.initial.has_value(), row.number.has_value()) << row.nodes;
    if (!row.number) continue;
    EXPECT_EQ(first_number(*slot.initial), *row.number) << row.nodes;
  }
}

TEST(GraphTarget, DrawsFromASeed) {
  const std::string text = R"(
    s = Const i32[1] = 1000
    low = Const f32[] = -2
    high = Const f32[] = 6
    width = Sub:f32 high low
    t = RandomUniform:i32 s
    u = Mul:f32 t width
    i = Add:f32 u low
    v = VariableV2 | dtype=:f32 shape=(1000)
    v/Assign = Assign:f32 v i
  )";
  const auto drawn = [&](std::uint64_t seed) {
    return graph_slots(model_of(text), seed).at(0).initial->bytes();
  };
  EXPECT_EQ(drawn(1), drawn(1));
  EXPECT_NE(drawn(1), drawn(2));
  const Value value = *graph_slots(model_of(text), 3).at(0).initial;
  std::vector<float> numbers(1000);
  value.open()->read(std::as_writable_bytes(std::span(numbers)));
  EXPECT_GE(*std::ranges::min_element(numbers), -2);
  EXPECT_LT(*std::ranges::max_element(numbers), 6);
  EXPECT_NEAR(std::accumulate(numbers.begin(), numbers.end(), 0.0) / 1000, 2, 0.3);
  std::vector<float> tail(10);
  value.open(990 * sizeof(float))->read(std::as_writable_bytes(std::span(tail)));
  EXPECT_TRUE(std::ranges::equal(tail, std::span(numbers).last(10)));
}

TEST(GraphTarget, NeedsVariables) {
  EXPECT_THAT([] { graph_slots(model_of("x = Placeholder f32[2]\n"), {}); },
              throws_error(ErrorKind::unsupported, "no variables"));
}

}  // namespace
}  // namespace thaw::internal
